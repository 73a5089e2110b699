package main

import (
	"bytes"
	"strings"
	"testing"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/site"
)

// TestOneSlipIsOneError: a slip that keeps a file of the first site from being read gives one error, in that file, although
// half of the site depends on it. Each slip stands in a place that people break.
func TestOneSlipIsOneError(t *testing.T) {
	tree, err := build.Read("..", gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	memo := &build.Memo{}
	env := build.Env{Env: site.Env{Today: "2024-06-01"}}
	for _, c := range []struct{ what, file, old, new string }{
		{"a quotation mark is missing", "content/data/facts.toml", "\"\n", "\n"},
		{"a bracket is missing", "content/data/facts.toml", "]\n", "\n"},
		{"an equals sign is missing", "content/data/claims.toml", " = ", " "},
		{"a table is named twice", "content/data/changes.toml", "[[change]]", "[change]\n[change]\n[[change]]"},
		{"a comma is missing", "content/data/sources.json", "\",", "\""},
		{"a comma is one too many", "content/data/sources.json", "}\n]", "},\n]"},
		{"a quotation mark is one too many", "content/data/events.csv", "\n", "\n\"x"},
		{"a quotation mark is missing", "site.toml", "\"\n", "\n"},
		{"a text with a colon has no quotation marks", "content/terms/drone-strike.md", "title: ", "title: What changed: "},
		{"the front matter never ends", "content/terms/drone-strike.md", "\n---\n", "\n"},
		{"the encoding is not UTF-8", "content/terms/drone-strike.md", "e", "\xe9"},
		{"a page is binary", "content/terms/drone-strike.md", "e", "\x00"},
	} {
		t.Run(c.what+" in "+c.file, func(t *testing.T) {
			text := tree.Source(c.file)
			if !bytes.Contains(text, []byte(c.old)) {
				t.Fatalf("%s holds no %q", c.file, c.old)
			}
			r := build.Build(tree.Moved("", "", map[string][]byte{c.file: bytes.Replace(text, []byte(c.old), []byte(c.new), 1)}), env, memo)
			if len(r.Findings) != 1 || !r.Findings[0].Unreadable || r.Findings[0].Span.File != c.file {
				var got []string
				for _, f := range r.Findings {
					got = append(got, f.Span.File+": "+f.Message)
				}
				t.Errorf("%d findings, want one in %s:\n%s", len(got), c.file, strings.Join(got, "\n"))
			}
			t.Logf("%q, %d wait", r.Findings[0].Message, len(r.Waiting))
		})
	}
}
