;;; drive-dape.el --- One session with dape, in batch mode  -*- lexical-binding: t -*-

(require 'drive)
(require 'cl-lib)

(defun drive-frame (last)
  "The frame where the program stands, which is another than LAST; its ids are new at each stop."
  (drive-wait "a stop"
              (lambda ()
                (let* ((conn (dape--live-connection 'stopped t))
                       (frame (and conn (dape--current-stack-frame conn))))
                  (and frame (plist-get frame :id) (not (equal (plist-get frame :id) (plist-get last :id)))
                       frame)))))

(defun drive-asked (send)
  "The answer to the request that SEND makes; SEND is given the callback."
  (let (answer)
    (funcall send (lambda (&optional body problem) (setq answer (or body (list :problem problem)))))
    (drive-wait "an answer" (lambda () answer))))

(defun drive-locals (frame)
  (let* ((conn (dape--live-connection 'stopped))
         (scopes (plist-get (drive-asked (lambda (done) (dape-request conn :scopes
                                                                      (list :frameId (plist-get frame :id)) done)))
                            :scopes))
         (reference (plist-get (elt scopes 0) :variablesReference)))
    (mapcar (lambda (variable) (cons (intern (plist-get variable :name)) (plist-get variable :value)))
            (plist-get (drive-asked (lambda (done) (dape-request conn :variables
                                                                 (list :variablesReference reference) done)))
                       :variables))))

(defun drive-said (text)
  "Waits for TEXT in dape's console."
  (drive-wait (format "%S in the console" text)
              (lambda ()
                (with-current-buffer "*dape-repl*"
                  (goto-char (point-min))
                  (and (re-search-forward text nil t) (match-string 1))))))

(defun drive-session ()
  (drive-open)
  (dape-breakpoint-toggle)
  (dape (dape--config-eval 'ptvsd nil))
  (let ((frame (drive-frame nil)))
    (drive-note 'file (plist-get (plist-get frame :source) :path))
    (drive-note 'line (plist-get frame :line))
    (drive-note 'locals (drive-locals frame))
    (dape-evaluate-expression (dape--live-connection 'stopped) "number + 1000")
    (drive-note 'evaluated (drive-said "^\\([0-9]\\{4\\}\\)$"))
    (dape-next (dape--live-connection 'stopped))
    (setq frame (drive-frame frame))
    (drive-note 'stepped (plist-get frame :line))
    (drive-note 'doubled (alist-get 'doubled (drive-locals frame)))
    (dape-continue (dape--live-connection 'stopped))
    (drive-note 'again (plist-get (drive-frame frame) :line))
    (dape-disconnect-quit (dape--live-connection 'parent))
    (drive-wait "the end" (lambda () (null (dape--live-connections))))))

(drive-run #'drive-session)
