package build

import (
	"slices"
	"strings"

	"gloss/generator/diag"
)

// wait parts findings into those that hold whatever an unreadable file says, and those that wait until it can be read,
// since they may be no more than what follows from it. So one slip in a data file is one error, not one for each link to
// its records.
//
// alone are the findings of files that were read on their own, linked those of the whole site, and rendered those of
// finished pages. Of each unreadable file the first finding that says so is shown, and nothing else of that file. What
// the linked site says waits for every unreadable file that takes part in it, which a layout does not. Without site.toml
// everything else waits, because it sets the level of every code. A fault of the program itself never waits.
func wait(alone, linked, rendered []diag.Finding) (now, waiting []diag.Finding) {
	if !slices.ContainsFunc(alone, func(f diag.Finding) bool { return f.Unreadable }) {
		return slices.Concat(alone, linked, rendered), nil
	}
	unread := map[string]bool{}
	var others []diag.Finding
	for _, f := range diag.Sort(slices.Clone(alone)) {
		if f.Unreadable && !unread[f.Span.File] {
			unread[f.Span.File] = true
			now = append(now, f)
		} else {
			others = append(others, f)
		}
	}
	sort := func(fs []diag.Finding, waits func(f diag.Finding) bool) {
		for _, f := range fs {
			if waits(f) && f.Code != diag.InternalError {
				waiting = append(waiting, f)
			} else {
				now = append(now, f)
			}
		}
	}
	unlinked := false
	for file := range unread {
		unlinked = unlinked || linkable(file)
	}
	sort(others, func(f diag.Finding) bool { return unread[f.Span.File] || unread["site.toml"] })
	sort(linked, func(diag.Finding) bool { return unlinked })
	sort(rendered, func(diag.Finding) bool { return true })
	return now, waiting
}

// linkable says whether what a source file says takes part in linking the site. Layouts and what is copied do not.
func linkable(file string) bool {
	return file == "site.toml" || strings.HasPrefix(file, "content/")
}
