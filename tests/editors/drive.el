;;; drive.el --- What both drivers of Emacs need  -*- lexical-binding: t -*-

(require 'json)

(defvar drive-report nil "What was seen, as an alist.")

(defun drive-note (key value)
  (push (cons key value) drive-report))

(defun drive-wait (what found)
  "Waits until FOUND gives something, and gives that."
  (let ((deadline (+ (float-time) 20)) value)
    (while (not (setq value (funcall found)))
      (when (> (float-time) deadline)
        (error "waited for %s" what))
      (accept-process-output nil 0.02))
    value))

(defun drive-open ()
  "Opens the file, with point on the line."
  (find-file (getenv "DRIVE_FILE"))
  (goto-char (point-min))
  (forward-line (1- (string-to-number (getenv "DRIVE_LINE")))))

(defun drive-run (session)
  "Calls SESSION and leaves a report."
  (condition-case problem
      (funcall session)
    (error (drive-note 'error (format "%S\n%s" problem (drive-buffers)))))
  (with-temp-file (getenv "DRIVE_RESULT")
    (insert (json-encode drive-report)))
  (kill-emacs 0))

(defun drive-buffers ()
  (mapconcat (lambda (buffer) (format "---- %s\n%s" buffer (with-current-buffer buffer (buffer-string))))
             (buffer-list) "\n"))

(provide 'drive)
