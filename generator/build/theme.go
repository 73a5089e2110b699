package build

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/diag"
	"gloss/generator/render"
)

// judge holds the addresses of stylesheets and layouts against the output, when all of it is there.
func (w *work) judge() {
	w.judged = nil
	if w.stopped() || slices.ContainsFunc(slices.Concat(w.shown, w.made), func(p *render.PageOutput) bool { return p != nil && p.Failed }) {
		return
	}
	var named []string
	for _, p := range w.site.Pages {
		if p.Meta.Layout != "" {
			named = append(named, p.Meta.Layout)
		}
	}
	w.judged = render.Misnamed(w.tree.Layouts, named)
	w.judged = append(w.judged, render.CheckAddresses(w.layouts.Addresses, func(name string) bool {
		_, file := w.files[name]
		_, poster := w.posters[name]
		return file || poster
	}, func() []string { return slices.Sorted(maps.Keys(w.files)) }, func(addr *regexp.Regexp) bool {
		for name, text := range w.files {
			if strings.HasSuffix(name, ".html") && addr.Match(text) {
				return true
			}
		}
		return false
	})...)
}

// onePlace leaves one finding for each place of a layout that does not work for several pages.
func onePlace(found []diag.Finding) []diag.Finding {
	first, more := map[diag.Span]int{}, map[int]int{}
	var out []diag.Finding
	for _, f := range found {
		if f.Code == "layout-error" && strings.HasPrefix(f.Span.File, "layouts/") {
			if at, ok := first[f.Span]; ok {
				more[at]++
				continue
			}
			first[f.Span] = len(out)
		}
		out = append(out, f)
	}
	for at, n := range more {
		out[at].Message += fmt.Sprintf(", nor for %d other pages", n)
		if n == 1 {
			out[at].Message = strings.TrimSuffix(out[at].Message, "1 other pages") + "1 other page"
		}
	}
	return out
}
