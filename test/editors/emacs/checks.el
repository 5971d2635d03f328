;;; -*- lexical-binding: t -*-
;; What the scripts beside this have in common: expectations, checks, and the file of the result.
(require 'package)
(package-initialize)
(require 'cl-lib)
(require 'json)
(require 'xref)

(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil)

(defvar expected
  (with-temp-buffer
    (insert-file-contents (getenv "EXPECTED"))
    (json-parse-buffer :object-type 'alist :array-type 'list)))
(defvar checks nil)

(defun wanted (&rest keys)
  (let ((value expected))
    (dolist (key keys value)
      (setq value (alist-get key value)))))

(defun go-to (place)
  (goto-char (point-min))
  (forward-line (1- (alist-get 'line place)))
  (forward-char (1- (alist-get 'column place))))

(defun line-text (number)
  (save-excursion
    (goto-char (point-min))
    (forward-line (1- number))
    (buffer-substring-no-properties (line-beginning-position) (line-end-position))))

(defun wait-for (what condition)
  (let ((end (+ (float-time) 15))
        value)
    (while (and (not (setq value (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.01))
    (or value (error "Not within 15 s: %s" what))))

(defun must-hold (text part)
  (unless (string-match-p (regexp-quote part) text)
    (error "Not in it: %s: %s" part text)))

(defmacro check (name &rest body)
  (declare (indent 1))
  `(let* ((start (float-time))
          (fault (condition-case problem
                     (progn ,@body :null)
                   (error (format "%S" problem)))))
     (push `((name . ,,name)
             (fault . ,fault)
             (milliseconds . ,(* 1000 (- (float-time) start))))
           checks)))

(defun check-mode ()
  "Opens the sample, and checks what the mode does without a server."
  (find-file (expand-file-name (wanted 'file) (getenv "FOLDER")))
  (check "the file's mode is found by its name"
    (unless (eq major-mode 'maddy-mode)
      (error "Mode %s" major-mode)))
  (check "colours"
    (font-lock-ensure)
    (go-to (wanted 'directiveHover 'at))
    (unless (eq (get-text-property (point) 'face) 'font-lock-keyword-face)
      (error "A directive is %s" (get-text-property (point) 'face)))
    (go-to (wanted 'macroHover 'at))
    (unless (eq (get-text-property (point) 'face) 'font-lock-constant-face)
      (error "A macro is %s" (get-text-property (point) 'face))))
  (check "indentation"
    (go-to (wanted 'formatted 'at))
    (let ((line (line-text (wanted 'formatted 'at 'line))))
      (indent-for-tab-command)
      (unless (equal (line-text (wanted 'formatted 'at 'line)) (wanted 'formatted 'line))
        (error "%s" (line-text (wanted 'formatted 'at 'line))))
      ;; As it was: the formatter is to find it so.
      (delete-region (line-beginning-position) (line-end-position))
      (insert line))))

(defun check-all (run)
  "Runs it, and writes what came out."
  (condition-case problem
      (funcall run)
    (error (push `((name . "Emacs runs the checks") (fault . ,(format "%S" problem)) (milliseconds . 0)) checks)))
  (with-temp-file (getenv "RESULT")
    (insert (json-serialize `((checks . ,(vconcat (nreverse checks))) (figures . ,(make-hash-table)))))))
