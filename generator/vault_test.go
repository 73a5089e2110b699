package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// vaults are folders of markdown that nobody here wrote, in npm packages, each with a site.toml put beside it. Their
// writers never heard of gloss, so the checks are warnings.
//
// Looked at by hand, with the source text beside each (November 2026):
//
//   - fastify Reference/Lifecycle.md:98:1 broken-anchor "on-close": the heading is onClose, whose id is onclose everywhere.
//   - fastify Reference/Errors.md:78:7 broken-anchor "fst_err_bad_url": the place is <a id="…">, which is HTML and shown as
//     text; with its raw-html findings this makes up nearly all that is found there.
//   - fastify Reference/Validation-and-Serialization.md:170:1 heading-skipped: ##### after ###, as it says.
//   - undici docs/api/Pool.md:70:5 broken-link: /docs/docs/api/Dispatcher.md counts from the package, not from its docs.
//   - markdownlint CustomRules.md:4:58 escaping-path: ../README.md lies outside the folder that was taken.
//   - markdownlint md055.md:1:1 orphan-page: true, its README that lists the rules was left behind.
//   - npm commands/npm-adduser.md:23:27 broken-link "/about-access-tokens": an address of docs.npmjs.com, which is not in the folder.
//   - npm commands/npm-*.md:7:1 heading-skipped: ### Synopsis comes first on each of its pages.
//   - npm commands/*.md:3:1 unknown-key "section": the key of a man page.
//   - pino api.md:3:3 broken-anchor "export": the place is <a id="export">, shown as text, as the hint says; so are 99 more.
//   - pino api.md:210:8 broken-link: /docs/child-loggers.md counts from the repository, not from its docs.
//   - create-docusaurus: none of its 14 pages was read before they were renamed, as the names of pages end in .md.
//   - create-docusaurus docs/tutorial-basics/markdown-features.md:112:1 left-over-markup ":::tip[My tip]": an admonition.
//   - create-docusaurus docs/tutorial-basics/create-a-page.md:31:32 local-url: a tutorial tells to open localhost.
var vaults = []struct {
	pack, dir string // the package, and the folder of it that becomes content/
	pages     int    // it has at least so many
}{
	{"fastify@5.12.8", "docs", 40},
	{"markdownlint@0.40.0", "doc", 50},
	{"undici@7.30.2", "docs", 30},
	{"npm@11.21.2", "docs/content", 85},
	{"pino@9.9.5", "docs", 13},
	{"create-docusaurus@3.10.2", "templates/shared", 13},
}

// TestVault builds such folders: no panic, status 0, every finding inside a file, and every page as sound as our own.
func TestVault(t *testing.T) {
	for _, v := range vaults {
		t.Run(v.pack, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			unpack(t, v.pack, v.dir, filepath.Join(dir, "content"))
			var toml strings.Builder
			toml.WriteString("title = \"A vault\"\nbase_url = \"https://site.example/repo/\"\n\n[checks]\n")
			for _, c := range diag.Codes {
				if c.Level == diag.Error {
					fmt.Fprintf(&toml, "%s = \"warn\"\n", c.Name)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, "site.toml"), []byte(toml.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			if status := run([]string{"check", "-C", dir, "--format", "json", "--all"}, &out, &errs); status != 0 {
				t.Fatalf("check: status %d: %s%s", status, &out, &errs)
			}
			var got struct {
				Findings []struct {
					Code, Severity, File, Message string
					Line, Column                  int
				}
				Errors, Warnings int
			}
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Errors != 0 || got.Warnings != len(got.Findings) {
				t.Errorf("check: got %d errors, %d warnings and %d findings", got.Errors, got.Warnings, len(got.Findings))
			}
			errs.Reset()
			if status := run([]string{"build", "-C", dir}, &out, &errs); status != 0 {
				t.Fatalf("build: status %d: %s", status, &errs)
			}
			tree, err := build.Read(dir, gloss.Theme)
			if err != nil {
				t.Fatal(err)
			}
			r := build.Build(tree, build.Env{Env: site.Env{All: true}}, nil)
			counts := map[string]int{}
			for _, x := range allFindings(r) {
				checkFinding(t, tree, x)
				counts[x.Code]++
				t.Logf("%s", line(tree, x))
			}
			t.Logf("%d pages, %v", len(r.Site.Pages), counts)
			if len(r.Site.Pages) < v.pages {
				t.Errorf("got %d pages, want %d or more: the folder of the package is another", len(r.Site.Pages), v.pages)
			}
			// What is broken is text and no link, so that even here every link leads somewhere.
			crawl(t, r, "/repo/", counts["heading-skipped"]+counts["raw-html"] > 0)
		})
	}
}

// unpack puts one folder of an npm package into a folder here, where its pages get names that end in .md.
func unpack(t *testing.T, pack, from, to string) {
	t.Helper()
	npmPack(t, pack, func(name string, text []byte) bool {
		if rest, ok := strings.CutPrefix(name, from+"/"); ok {
			at := filepath.Join(to, filepath.FromSlash(rest))
			if dir, is := strings.CutSuffix(at, ".mdx"); is { // as the finding says
				at = dir + ".md"
			}
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return true
	})
}
