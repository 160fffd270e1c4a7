package capture

import (
	"fmt"
	"reflect"
	"testing"
)

func TestLinesAreShownAsTheLoggingInputSays(t *testing.T) {
	of := func(l Logging) *Logging { return &l }
	cases := []struct {
		logging *Logging
		want    []string
	}{
		{nil, []string{"out", "err", "tail"}},
		{of(LogStdoutAndStderr), []string{"out", "err", "tail"}},
		{of(LogStdout), []string{"out", "tail"}},
		{of(LogStderr), []string{"err"}},
		{of(LogNone), nil},
	}
	for _, c := range cases {
		var shown []string
		o := New(c.logging, func(line string) { shown = append(shown, line) })
		fmt.Fprint(o.Stdout, "o")
		fmt.Fprint(o.Stdout, "ut\n")
		fmt.Fprint(o.Stderr, "err\n")
		fmt.Fprint(o.Stdout, "tail")
		o.Close()
		if !reflect.DeepEqual(shown, c.want) {
			t.Errorf("logging %v shows %q, want %q", c.logging, shown, c.want)
		}
		if o.Both() != "out\nerr\ntail" {
			t.Errorf("logging %v keeps %q", c.logging, o.Both())
		}
	}
}

func TestOneLineBreakIsTrimmed(t *testing.T) {
	o := New(nil, func(string) {})
	fmt.Fprint(o.Stdout, " a\n\n")
	fmt.Fprint(o.Stderr, "b")
	stdout, stderr := o.Texts()
	if stdout != " a\n" || stderr != "b" {
		t.Errorf("got %q and %q", stdout, stderr)
	}
}
