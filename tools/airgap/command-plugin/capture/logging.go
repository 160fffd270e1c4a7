// Package capture keeps what a command prints and shows it while it runs.
package capture

import "github.com/pulumi/pulumi-go-provider/infer"

// Logging says which streams are shown while a command runs; it does not change what is kept.
type Logging string

// The values of the logging input.
const (
	LogStdout          Logging = "stdout"
	LogStderr          Logging = "stderr"
	LogStdoutAndStderr Logging = "stdoutAndStderr"
	LogNone            Logging = "none"
)

// Values lists what the logging input may be.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: string(LogStdout), Value: LogStdout},
		{Name: string(LogStderr), Value: LogStderr},
		{Name: string(LogStdoutAndStderr), Value: LogStdoutAndStderr},
		{Name: string(LogNone), Value: LogNone},
	}
}

// shows says whether each stream is shown; an unset input shows both.
func (l *Logging) shows() (stdout, stderr bool) {
	if l == nil {
		return true, true
	}
	both := *l == LogStdoutAndStderr
	return both || *l == LogStdout, both || *l == LogStderr
}
