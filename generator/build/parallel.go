package build

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"gloss/generator/diag"
)

// each calls f for every item, a few at a time, and returns the results in the order of the items. When f panics, each
// panics with a [diag.Fault] that holds the item and the calls in f; of several, that of the first item.
func each[In, Out any](workers int, items []In, f func(In) Out) []Out {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	out := make([]Out, len(items))
	faults := make([]*diag.Fault, len(items))
	var next atomic.Int64
	var failed atomic.Bool
	var wg sync.WaitGroup
	for range min(workers, len(items)) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				if faults[i] = diag.Catch(func() { out[i] = f(items[i]) }); faults[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	if failed.Load() {
		for i, fault := range faults {
			if fault != nil {
				panic(&diag.Fault{Value: fmt.Sprintf("item %d of %d (%T): %v", i, len(items), items[i], fault.Value), Calls: fault.Calls})
			}
		}
	}
	return out
}
