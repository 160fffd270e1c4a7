package capture

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Output collects the two streams of one command.
type Output struct {
	mu             sync.Mutex
	stdout, stderr bytes.Buffer
	both           bytes.Buffer
	lines          []*lineWriter
	// Stdout and Stderr are where the command writes to.
	Stdout, Stderr io.Writer
}

// New makes an Output that passes each finished line of the streams that logging names to show.
func New(logging *Logging, show func(line string)) *Output {
	o := &Output{}
	stdoutShown, stderrShown := logging.shows()
	o.Stdout = o.stream(&o.stdout, stdoutShown, show)
	o.Stderr = o.stream(&o.stderr, stderrShown, show)
	return o
}

func (o *Output) stream(kept *bytes.Buffer, shown bool, show func(string)) io.Writer {
	targets := []io.Writer{kept, &o.both}
	if shown {
		lines := &lineWriter{show: show}
		o.lines = append(o.lines, lines)
		targets = append(targets, lines)
	}
	return &locked{mu: &o.mu, to: io.MultiWriter(targets...)}
}

// Close shows what was printed after the last line break.
func (o *Output) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, lines := range o.lines {
		lines.flush()
	}
}

// Texts returns both streams, each without its last line break.
func (o *Output) Texts() (stdout, stderr string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSuffix(o.stdout.String(), "\n"), strings.TrimSuffix(o.stderr.String(), "\n")
}

// Both returns everything that was printed in the order in which it came.
func (o *Output) Both() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.both.String()
}

type locked struct {
	mu *sync.Mutex
	to io.Writer
}

func (l *locked) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(data)
}

type lineWriter struct {
	pending []byte
	show    func(line string)
}

func (w *lineWriter) Write(data []byte) (int, error) {
	w.pending = append(w.pending, data...)
	for {
		end := bytes.IndexByte(w.pending, '\n')
		if end < 0 {
			return len(data), nil
		}
		w.show(strings.TrimSuffix(string(w.pending[:end]), "\r"))
		w.pending = w.pending[end+1:]
	}
}

func (w *lineWriter) flush() {
	if len(w.pending) > 0 {
		w.show(string(w.pending))
		w.pending = nil
	}
}
