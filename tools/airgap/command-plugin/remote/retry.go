package remote

import (
	"context"
	"fmt"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
)

const (
	firstDelay  = 100 * time.Millisecond
	delayFactor = 1.5
	longest     = 5 * time.Second
)

// nextDelay is the pause before the attempt that follows one after a pause of delay.
func nextDelay(delay time.Duration) time.Duration {
	return min(time.Duration(float64(delay)*delayFactor), longest)
}

// exhausted says whether the failures are more than the limit allows.
func exhausted(failures, limit int) bool {
	return limit > unlimitedDialErrors && failures > limit
}

// retry calls attempt until it succeeds, has failed more often than limit allows, or ctx ends.
func retry[T any](ctx context.Context, what string, limit int, attempt func() (T, error)) (T, error) {
	var none T
	delay := firstDelay
	for failures := 1; ; failures++ {
		if err := ctx.Err(); err != nil {
			return none, err
		}
		result, err := attempt()
		if err == nil {
			return result, nil
		}
		if ctx.Err() != nil {
			return none, fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		if exhausted(failures, limit) {
			return none, fmt.Errorf("after %d failed attempts: %w", failures-1, err)
		}
		p.GetLogger(ctx).InfoStatusf("%s %d/%s failed: retrying", what, failures, limitText(limit))
		select {
		case <-ctx.Done():
			return none, fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(delay):
		}
		delay = nextDelay(delay)
	}
}

func limitText(limit int) string {
	if limit == unlimitedDialErrors {
		return "inf"
	}
	return strconv.Itoa(limit)
}
