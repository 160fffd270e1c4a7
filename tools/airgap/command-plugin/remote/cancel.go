package remote

import (
	"context"
	"time"

	"golang.org/x/crypto/ssh"
)

// grace is how long a cancelled command may take to end after it was told to.
const grace = 700 * time.Millisecond

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
	_ = session.Signal(ssh.SIGTERM)
	select {
	case <-ended:
	case <-time.After(grace):
		_ = c.Close()
		<-ended
	}
	return ctx.Err()
}
