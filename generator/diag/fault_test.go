package diag

import (
	"strings"
	"testing"
)

// deep panics some calls below.
func deep(n int, with any) {
	if n == 0 {
		panic(with)
	}
	deep(n-1, with)
}

// TestTry: a panic is a finding with the calls that led to it, the same in every run; one that was caught already keeps
// its calls.
func TestTry(t *testing.T) {
	if got := Try("a.md", "reading", func() {}); got != nil {
		t.Errorf("no panic is the finding %v", got)
	}
	a := Try("a.md", "reading", func() { deep(2, "much\n\nout of\torder") })
	b := Try("a.md", "reading", func() { deep(2, "much\n\nout of\torder") })
	if a.Code != InternalError || a.Span.File != "a.md" || a.Message != "gloss failed while reading: much out of order" {
		t.Errorf("got %+v", a)
	}
	if strings.Count(a.Calls, "diag.deep\n\t") != 3 || !strings.HasPrefix(a.Calls, "gloss/generator/diag.deep\n") || strings.Contains(a.Calls, "testing.") {
		t.Errorf("the calls are\n%s", a.Calls)
	}
	if strings.Split(a.Calls, "TestTry")[0] != strings.Split(b.Calls, "TestTry")[0] {
		t.Errorf("the calls differ:\n%s\n%s", a.Calls, b.Calls)
	}
	outer := Try("b.md", "building", func() {
		panic(&Fault{Value: "within", Calls: "first\n"})
	})
	if outer.Calls != "first\n" || outer.Message != "gloss failed while building: within" {
		t.Errorf("a fault within is %+v", outer)
	}
	var m map[string]int
	if got := Try("a.md", "reading", func() { m["x"] = 1 }); !strings.Contains(got.Message, "nil map") || !strings.HasPrefix(got.Calls, "gloss/generator/diag.TestTry") {
		t.Errorf("a runtime error is %+v", got)
	}
	if got := Try("a.md", "reading", func() { panic(strings.Repeat("x", 1000)) }); len(got.Message) > 300 {
		t.Errorf("the message has %d bytes", len(got.Message))
	}
}
