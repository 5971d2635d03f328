;;; -*- lexical-binding: t -*-
;; Emacs 28 or newer with eglot as a client of the server. Run by ../external-editors.ts:
;;   SERVER="node … --stdio" FOLDER=… EDITORS=… EXPECTED=… RESULT=… emacs -q --batch -l smoke.el
;; Writes {"checks": [{"name", "fault", "milliseconds"}], "figures": {}}.
(require 'package)
(package-initialize)
(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'json)
(require 'xref)

(setq make-backup-files nil
      auto-save-default nil
      create-lockfiles nil
      eglot-sync-connect 20
      eglot-autoshutdown t)

(load (expand-file-name "emacs/maddy-mode.el" (getenv "EDITORS")))
;; The server that was just built, instead of one that is installed.
(add-to-list 'eglot-server-programs (cons 'maddy-mode (split-string (getenv "SERVER"))))

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

(defun finding (text)
  (cl-find-if (lambda (each) (string-match-p (regexp-quote text) (flymake-diagnostic-text each)))
              (flymake-diagnostics)))

(defun hover-text (place)
  (go-to place)
  (let (shown)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
    (substring-no-properties (wait-for "hover" (lambda () shown)))))

(defun run-all ()
  (find-file (expand-file-name (wanted 'file) (getenv "FOLDER")))
  (check "the file's mode is found by its name"
    (unless (eq major-mode 'maddy-mode)
      (error "Mode %s" major-mode)))
  (let ((default-directory (file-name-as-directory (getenv "FOLDER"))))
    ;; eglot wants a project; the sample is in none.
    (cl-letf (((symbol-function 'project-current) (lambda (&rest _) (cons 'transient default-directory))))
      (apply #'eglot (eglot--guess-contact))))
  (flymake-mode 1)
  (check "finding at its place"
    (flymake-start)
    (let ((found (wait-for "finding" (lambda () (finding (wanted 'unknownDirective 'text))))))
      (unless (= (line-number-at-pos (flymake-diagnostic-beg found)) (wanted 'unknownDirective 'at 'line))
        (error "Line %s" (line-number-at-pos (flymake-diagnostic-beg found))))))
  (check "completion of directives"
    (go-to (wanted 'directiveCompletion 'at))
    (let ((labels (mapcar #'substring-no-properties (all-completions "" (nth 2 (eglot-completion-at-point))))))
      (unless (member (wanted 'directiveCompletion 'label) labels)
        (error "Offered: %s" labels))))
  (check "hover on a directive"
    (must-hold (hover-text (wanted 'directiveHover 'at)) (wanted 'directiveHover 'text)))
  (check "hover on a reference"
    (must-hold (hover-text (wanted 'referenceHover 'at)) (wanted 'referenceHover 'text)))
  (check "definition of a macro"
    (go-to (wanted 'macroDefinition 'from))
    (let* ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot)))
           (line (xref-location-line (xref-item-location (car found)))))
      (unless (= line (wanted 'macroDefinition 'line))
        (error "Line %s" line))))
  (check "definition in an imported file"
    (go-to (wanted 'blockDefinition 'from))
    (let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
      (must-hold (xref-location-group (xref-item-location (car found))) (wanted 'blockDefinition 'file))))
  (check "format"
    (eglot-format-buffer)
    (unless (equal (line-text (wanted 'formatted 'at 'line)) (wanted 'formatted 'line))
      (error "%s" (line-text (wanted 'formatted 'at 'line)))))
  (set-buffer-modified-p nil))

(condition-case problem
    (run-all)
  (error (push `((name . "Emacs runs the checks") (fault . ,(format "%S" problem)) (milliseconds . 0)) checks)))
(with-temp-file (getenv "RESULT")
  (insert (json-serialize `((checks . ,(vconcat (nreverse checks))) (figures . ,(make-hash-table))))))
(ignore-errors (eglot-shutdown-all))
(kill-emacs 0)
