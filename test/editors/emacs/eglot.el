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

(defun finding-line (text)
  (when-let ((found (cl-find-if (lambda (each) (string-match-p (regexp-quote text) (flymake-diagnostic-text each)))
                                (flymake-diagnostics))))
    (line-number-at-pos (flymake-diagnostic-beg found))))

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
  (flymake-start)
  (check-language #'eglot-completion-at-point 'eglot #'eglot-format-buffer)
  (set-buffer-modified-p nil))

(check-all #'run-all)
(ignore-errors (eglot-shutdown-all))
(kill-emacs 0)
