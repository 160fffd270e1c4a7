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
	// OpenSSH does not pass this on to a command of root's, which goes on until it ends by itself
	// or writes to the closed connection: nothing that the plugin could reach names its process
	// safely, so the scripts have to carry a timeout of their own.
	_ = session.Signal(ssh.SIGTERM)
	select {
	case <-ended:
	case <-time.After(grace):
		_ = c.Close()
		<-ended
	}
	return ctx.Err()
}
