package main

import (
	"path/filepath"
	"testing"

	"gloss"
	"gloss/generator/build"
)

// startedSite is the site that new makes, built.
func startedSite(t *testing.T) *build.Result {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	files, err := starterFiles("")
	if err != nil {
		t.Fatal(err)
	}
	if err := writeNew(dir, files); err != nil {
		t.Fatal(err)
	}
	tr, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tr, build.Env{}, nil)
	for _, f := range r.Findings {
		t.Errorf("%s: %s [%s]", f.Span.File, f.Message, f.Code)
	}
	return r
}
