package build

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"gloss/generator/content"
	"gloss/generator/render"
	"gloss/generator/site"
)

// This file is compiled by TestTeeth alone, beside sources in which site.Omitted and forget are asked.

// forget is what the key of a remembered step does not hold.
var forget = func(stage string, in any) any { return in }

// TestTeethOfKeys plants what people forget in a key, and requires the scripts of edits to notice.
func TestTeethOfKeys(t *testing.T) {
	page := func(change func(*render.PageInput)) func(string, any) any {
		return func(stage string, in any) any {
			if p, ok := in.(render.PageInput); ok {
				change(&p)
				return p
			}
			return in
		}
	}
	for name, f := range map[string]func(string, any) any{
		"the layouts":    page(func(p *render.PageInput) { p.Layouts = render.Layouts{} }),
		"the mentions":   page(func(p *render.PageInput) { p.View.Mentions = nil }),
		"the navigation": page(func(p *render.PageInput) { p.View.Site.Contents, p.View.Site.Nav = nil, nil }),
		"the body":       page(func(p *render.PageInput) { p.View.Body = nil }),
		"the events":     page(func(p *render.PageInput) { p.View.Events, p.View.Timeline = nil, site.TimelineView{} }),
		"the facts":      page(func(p *render.PageInput) { p.View.FactRows, p.View.Tiles = nil, nil }),
		"the settings": func(stage string, in any) any {
			if p, ok := in.(content.DocInput); ok {
				p.Settings = content.Settings{}
				return p
			}
			return in
		},
		"the file's text": func(stage string, in any) any {
			if p, ok := in.(content.DataInput); ok {
				p.File.Text = nil
				return p
			}
			return in
		},
	} {
		forget = f
		if !noticed(t, 60, 2, false) {
			t.Errorf("a key without %s was not noticed", name)
		}
	}
	forget = func(stage string, in any) any { return in }
}

// TestTeethOfSteps leaves out each step of a build that starts from the last one, and each thing that is compared to find
// the pages that are as they were. GLOSS_OMISSIONS lists them: those that only edits of prose can show first, then "/".
func TestTeethOfSteps(t *testing.T) {
	if noticed(t, 4, 3, true) || noticed(t, 4, 3, false) {
		t.Fatal("a difference is noticed although nothing is left out")
	}
	prose, others, _ := strings.Cut(os.Getenv("GLOSS_OMISSIONS"), "/")
	for _, list := range []string{prose, others} {
		for _, step := range strings.Fields(list) {
			site.Omitted = func(s string) bool { return s == step }
			if !noticed(t, 200, 3, list == prose) {
				t.Errorf("an edit without the step %q was not noticed", step)
			}
		}
	}
	site.Omitted = func(string) bool { return false }
}

// noticed says whether some of the scripts of edits show a difference, or panic: a mention of a block that there is no more
// does.
func noticed(t *testing.T, scripts, kind uint64, prose bool) bool {
	for seed := range scripts {
		r := rand.New(rand.NewPCG(seed, kind))
		files := start()
		if seed%2 == 1 {
			files = rich(some(r.IntN))
		}
		wrong := ""
		func() {
			defer func() {
				if p := recover(); p != nil {
					wrong = fmt.Sprint(p)
				}
			}()
			wrong = play(t, files, 8, r.IntN, prose, &Memo{}, glass)
		}()
		if wrong != "" {
			t.Logf("noticed by script %d", seed)
			return true
		}
	}
	return false
}
