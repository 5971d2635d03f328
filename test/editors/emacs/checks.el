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

(defun check-language (completion backend format)
  "What every client does; its script has `finding-line' and `hover-text'."
  (check "finding at its place"
    (let ((line (wait-for "finding" (lambda () (finding-line (wanted 'unknownDirective 'text))))))
      (unless (= line (wanted 'unknownDirective 'at 'line))
        (error "Line %s" line))))
  (check "completion of directives"
    (go-to (wanted 'directiveCompletion 'at))
    (let ((labels (mapcar #'substring-no-properties (all-completions "" (nth 2 (funcall completion))))))
      (unless (member (wanted 'directiveCompletion 'label) labels)
        (error "Offered: %s" labels))))
  (check "hover on a directive"
    (must-hold (hover-text (wanted 'directiveHover 'at)) (wanted 'directiveHover 'text)))
  (check "hover on a reference"
    (must-hold (hover-text (wanted 'referenceHover 'at)) (wanted 'referenceHover 'text)))
  (check "definition of a macro"
    (go-to (wanted 'macroDefinition 'from))
    (let ((line (xref-location-line (definition backend))))
      (unless (= line (wanted 'macroDefinition 'line))
        (error "Line %s" line))))
  (check "definition in an imported file"
    (go-to (wanted 'blockDefinition 'from))
    (must-hold (xref-location-group (definition backend)) (wanted 'blockDefinition 'file)))
  (check "format"
    (funcall format)
    (unless (equal (line-text (wanted 'formatted 'at 'line)) (wanted 'formatted 'line))
      (error "%s" (line-text (wanted 'formatted 'at 'line))))))

(defun definition (backend)
  (xref-item-location (car (xref-backend-definitions backend (xref-backend-identifier-at-point backend)))))

(defun check-all (run)
  "Runs it, and writes what came out."
  (condition-case problem
      (funcall run)
    (error (push `((name . "Emacs runs the checks") (fault . ,(format "%S" problem)) (milliseconds . 0)) checks)))
  (with-temp-file (getenv "RESULT")
    (insert (json-serialize `((checks . ,(vconcat (nreverse checks))) (figures . ,(make-hash-table)))))))
