package remote

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDelaysGrowToALimit(t *testing.T) {
	delay, total := firstDelay, time.Duration(0)
	for range 10 {
		total += delay
		delay = nextDelay(delay)
	}
	if total < 10*time.Second || total > 13*time.Second {
		t.Errorf("ten refused attempts take %s, want about 11s", total)
	}
	if nextDelay(time.Hour) != longest {
		t.Errorf("the delay is not limited")
	}
}

func TestLimitCountsFailures(t *testing.T) {
	cases := []struct {
		failures, limit int
		want            bool
	}{{3, 3, false}, {4, 3, true}, {1, 0, true}, {1 << 20, unlimitedDialErrors, false}}
	for _, c := range cases {
		if got := exhausted(c.failures, c.limit); got != c.want {
			t.Errorf("exhausted(%d, %d) = %v", c.failures, c.limit, got)
		}
	}
}

func TestRetryNamesTheNumberOfAttempts(t *testing.T) {
	calls := 0
	_, err := retry(context.Background(), "Dial", 2, func() (int, error) {
		calls++
		return 0, errors.New("refused")
	})
	if calls != 3 || err == nil || !strings.Contains(err.Error(), "after 2 failed attempts: refused") {
		t.Errorf("%d calls, error %v", calls, err)
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	began := time.Now()
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := retry(ctx, "Dial", unlimitedDialErrors, func() (int, error) {
		return 0, errors.New("refused")
	})
	if !errors.Is(err, context.Canceled) || time.Since(began) > time.Second {
		t.Errorf("error %v after %s", err, time.Since(began))
	}
}
