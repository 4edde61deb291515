;;; drive-dap-mode.el --- One session with dap-mode, in batch mode  -*- lexical-binding: t -*-

(require 'drive)
(require 'cl-lib)

(defun drive-frame (last)
  "The frame where the program stands, which is another than LAST."
  (drive-wait "a stop"
              (lambda ()
                (let* ((session (dap--cur-session))
                       (frame (and session (dap--debug-session-active-frame session))))
                  (and frame (not (equal (gethash "id" frame) (and last (gethash "id" last)))) frame)))))

(defun drive-asked (command arguments)
  (let (answer)
    (dap--send-message (dap--make-request command arguments) (lambda (got) (setq answer got)) (dap--cur-session))
    (gethash "body" (drive-wait command (lambda () answer)))))

(defun drive-locals (frame)
  (let* ((scopes (gethash "scopes" (drive-asked "scopes" (list :frameId (gethash "id" frame)))))
         (reference (gethash "variablesReference" (elt scopes 0))))
    (mapcar (lambda (variable) (cons (intern (gethash "name" variable)) (gethash "value" variable)))
            (gethash "variables" (drive-asked "variables" (list :variablesReference reference))))))

(defun drive-evaluated (expression)
  "What `dap-eval' shows beside the line."
  (let (shown)
    (cl-letf (((symbol-function 'dap-overlays--display-interactive-eval-result)
               (lambda (value &rest _) (setq shown value))))
      (dap-eval expression)
      (drive-wait "a value" (lambda () shown)))))

(defun drive-session ()
  (drive-open)
  (dap-breakpoint-add)
  (dap-debug (cdr (assoc "Remote Python (ptvsd)" dap-debug-template-configurations)))
  (let ((frame (drive-frame nil)))
    (drive-note 'file (gethash "path" (gethash "source" frame)))
    (drive-note 'line (gethash "line" frame))
    (drive-note 'locals (drive-locals frame))
    (drive-note 'evaluated (drive-evaluated "number + 1000"))
    (dap-next (dap--cur-session))
    (setq frame (drive-frame frame))
    (drive-note 'stepped (gethash "line" frame))
    (drive-note 'doubled (alist-get 'doubled (drive-locals frame)))
    (dap-continue (dap--cur-session) (dap--debug-session-thread-id (dap--cur-session)))
    (drive-note 'again (gethash "line" (drive-frame frame)))
    (let ((session (dap--cur-session)))
      (dap-disconnect session)
      (drive-wait "the end" (lambda () (memq (dap--debug-session-state session) '(terminated failed)))))))

(drive-run #'drive-session)
