;;; -*- lexical-binding: t -*-
;; Emacs 28 or newer with eglot as a client of the server, set up by its page. Run by ../external-editors.ts:
;;   SETUP=… FOLDER=… EXPECTED=… RESULT=… emacs -q --batch -l eglot.el
;; Writes {"checks": [{"name", "fault", "milliseconds"}], "figures": {}}.
(load (expand-file-name "checks.el" (file-name-directory load-file-name)))
(require 'eglot)
(require 'flymake)

(setq eglot-sync-connect 20
      eglot-autoshutdown t)
(load (getenv "SETUP"))
;; It waits for a command of the user.
(remove-hook 'maddy-mode-hook #'eglot-ensure)

(defun finding (text)
  (cl-find-if (lambda (each) (string-match-p (regexp-quote text) (flymake-diagnostic-text each)))
              (flymake-diagnostics)))

(defun hover-text (place)
  (go-to place)
  (let (shown)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown text)))
    (substring-no-properties (wait-for "hover" (lambda () shown)))))

(defun run-all ()
  (check-mode)
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

(check-all #'run-all)
(ignore-errors (eglot-shutdown-all))
(kill-emacs 0)
