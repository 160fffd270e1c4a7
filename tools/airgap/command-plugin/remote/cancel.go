package remote

import (
	"context"
	"time"

	"golang.org/x/crypto/ssh"
)

// grace is how long a cancelled command may take to end after it was told to.
const grace = 700 * time.Millisecond

// endSiblings ends the other commands of its own SSH connection, with all that they started. The
// server makes each command the leader of a session, and itself the parent of them all.
const endSiblings = `exec sh -c '
each() {
	for stat in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$stat" || continue
		"$1" "${line%% *}" ${line##*) }
	done
}
sibling() { if [ "$3" = "$PPID" ] && [ "$1" != "$$" ]; then sessions="$sessions $5 "; fi; }
finish() { case "$sessions" in *" $5 "*) kill -s TERM "$1";; esac; }
sessions=""
each sibling
each finish
'`

// runUntilCancelled runs the command; when ctx ends it tells the command to end, then hangs up.
func runUntilCancelled(ctx context.Context, c *client, session *ssh.Session, text string) error {
	if err := session.Start(text); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	go tellToEnd(c, session)
	select {
	case <-ended:
	case <-time.After(grace):
		_ = c.Close()
		<-ended
	}
	return ctx.Err()
}

// tellToEnd asks in both ways there are: OpenSSH passes no signal on to a command of root's, and
// the other way needs a Linux on the other side.
func tellToEnd(c *client, session *ssh.Session) {
	_ = session.Signal(ssh.SIGTERM)
	helper, err := c.NewSession()
	if err != nil {
		return
	}
	defer helper.Close()
	_ = helper.Run(endSiblings)
}
