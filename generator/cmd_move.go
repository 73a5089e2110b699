package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
	"gloss/generator/site"
)

func moveCommand(o *options) *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use:   "move OLD NEW",
		Short: "Give a page another file name, mend every link to it, and write the redirect",
		Long: `Give a page another file name, mend every link to it, and write the redirect.

OLD and NEW are paths below content/, or below the site. A folder stands for its index.md; a NEW that ends in / or is
a folder takes the page in under its name. Nothing is written before everything is known to hold.`,
		Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := build.Find(o.dir)
			if err != nil {
				return err
			}
			t, err := build.Read(dir, gloss.Theme)
			if err != nil {
				return err
			}
			from, err := pageNamed(t, args[0])
			if err != nil {
				return err
			}
			to, err := newName(t, from, args[1])
			if err != nil {
				return err
			}
			p, err := planMove(t, from, to)
			if err != nil {
				return err
			}
			if len(p.stuck) > 0 {
				o.report(o.errs, p.stuck, 0, p.mended, " Nothing was moved.")
				return ending(p.stuck)
			}
			if dry {
				o.sayMove(p)
				return nil
			}
			if err := rename(dir, from, to, t, p.texts); err != nil {
				return err
			}
			fmt.Fprintf(o.errs, "Moved %s to %s: %s mended%s.\n", from, to, plural(p.places, "place"), redirected(p.move))
			return nil
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and do nothing")
	return c
}

// movePlan is what a move would do, worked out before anything is written.
type movePlan struct {
	move            site.Move
	renamed, mended *build.Tree       // the page under its new name, and then with all links mended
	texts           map[string][]byte // of the files that differ between the two
	places          int               // that were mended
	stuck           []diag.Finding    // why it cannot be done
}

// planMove works out a move and proves that it holds: that every reference leads where it led and says what it said,
// and that the site has no new error.
func planMove(t *build.Tree, from, to string) (*movePlan, error) {
	env := build.Env{Env: site.Env{Drafts: true}} // whose links are mended, too
	was := build.Build(t, env, nil)
	if unread := was.Unreadable(); len(unread) > 0 || was.Failed() { // links of these could not be mended
		for _, f := range was.Findings {
			if f.Code == diag.InternalError && !f.Unreadable {
				unread = append(unread, f)
			}
		}
		return &movePlan{mended: t, stuck: diag.Sort(unread)}, nil
	}
	p := &movePlan{renamed: t.Moved(from, to, nil), texts: map[string][]byte{}}
	p.move = site.Move{Was: was.Site, Now: build.Build(p.renamed, env, nil).Site, From: from, To: to, Source: p.renamed.Source}
	if p.move.Row() {
		return nil, fmt.Errorf("%s shares its event with a row of events.csv, which has its name as id: change the id there, then rename the file with it", from)
	}
	fixes, stuck := p.move.Mends()
	by := map[string][]diag.Fix{}
	for _, x := range fixes {
		by[x.Span.File] = append(by[x.Span.File], x)
		if x.Span.File != "site.toml" {
			p.places++
		}
	}
	for name, list := range by {
		p.texts[name], _ = diag.Apply(p.renamed.Source(name), list)
	}
	p.mended = t.Moved(from, to, p.texts)
	if len(stuck) == 0 {
		after := build.Build(p.mended, env, nil)
		stuck = append(newErrors(was.Findings, after.Findings, from, to), p.move.Kept(after.Site)...)
	}
	p.stuck = diag.Sort(stuck)
	return p, nil
}

func redirected(mv site.Move) string {
	if was, now := mv.Addresses(); was != now {
		return fmt.Sprintf(", %s leads to %s", was, now)
	}
	return ", the address stays"
}

// pageNamed finds the page that an argument names.
func pageNamed(t *build.Tree, arg string) (string, error) {
	clean := path.Clean(filepath.ToSlash(arg))
	below := strings.TrimPrefix(clean, "content/")
	tries := []string{below, below + ".md", below + "/index.md"}
	if strings.HasPrefix(clean, "content/content/") { // rather than the folder of that name
		tries = append(tries, clean, clean+".md")
	}
	var names, found []string
	for _, p := range t.Pages {
		name := strings.TrimPrefix(p.Name, "content/")
		names = append(names, name, strings.TrimSuffix(name, ".md"))
		if slices.Contains(tries, name) {
			found = append(found, p.Name)
		}
	}
	switch {
	case len(found) > 1:
		return "", fmt.Errorf("%s can be %s; name the one that is meant", arg, strings.Join(found, " or "))
	case len(found) == 1 && found[0] == "content/index.md":
		return "", errors.New("content/index.md is the overview, which has no other name")
	case len(found) == 1:
		return found[0], nil
	}
	if near := diag.Suggest(below, names); near != "" {
		return "", fmt.Errorf("there is no page %s; did you mean %s?", arg, near)
	}
	return "", fmt.Errorf("there is no page %s below content/", arg)
}

// newName is the file name that a page gets.
func newName(t *build.Tree, from, arg string) (string, error) {
	clean := path.Clean(filepath.ToSlash(arg))
	to := "content/" + strings.TrimPrefix(clean, "content/")
	switch {
	case clean == "." || clean == "content":
		to = "content"
	case path.IsAbs(clean) || strings.HasPrefix(clean, "..") || filepath.IsAbs(arg):
		return "", fmt.Errorf("%s does not lie below content/, where pages are", arg)
	}
	isFolder := func(name string) bool {
		for file := range t.Bytes {
			if strings.HasPrefix(file, name+"/") {
				return true
			}
		}
		return false
	}
	page := path.Base(from)
	switch into := strings.HasSuffix(filepath.ToSlash(arg), "/") || to == "content" || isFolder(to); {
	case into && page == "index.md":
		to += "/" + path.Base(path.Dir(from)) + "/index.md"
	case into:
		to += "/" + page
	case !strings.HasSuffix(to, ".md") && page == "index.md":
		to += "/index.md"
	case !strings.HasSuffix(to, ".md"):
		to += ".md"
	}
	if to == from {
		return "", fmt.Errorf("%s is called that already", from)
	}
	for _, part := range strings.Split(to, "/") {
		if build.Hidden(part) {
			return "", fmt.Errorf("%s would not be seen: files of such names are none of the site's", to)
		}
	}
	for file := range t.Bytes {
		if strings.EqualFold(file, to) && file != from {
			return "", fmt.Errorf("%s is there already; nothing was moved", file)
		}
		if strings.HasPrefix(to, file+"/") {
			return "", fmt.Errorf("%s is a file, so that nothing can lie in it", file)
		}
	}
	return to, nil
}

// newErrors are the errors that the site would have after a move and does not have now.
func newErrors(was, now []diag.Finding, from, to string) []diag.Finding {
	type key struct{ code, message string }
	known := map[key]int{}
	short := func(name string) string { return strings.TrimPrefix(name, "content/") }
	for _, f := range was {
		known[key{f.Code, strings.ReplaceAll(f.Message, short(from), short(to))}]++
	}
	var out []diag.Finding
	for _, f := range now {
		k := key{f.Code, strings.ReplaceAll(f.Message, short(from), short(to))}
		if f.Severity != diag.Error {
			continue
		}
		if known[k]--; known[k] < 0 {
			out = append(out, f)
		}
	}
	return out
}

// sayMove lists what a move would do, line by line.
func (o *options) sayMove(p *movePlan) {
	fmt.Fprintf(o.out, "%s → %s%s\n", p.move.From, p.move.To, redirected(p.move))
	for _, name := range slices.Sorted(maps.Keys(p.texts)) {
		old, now := bytes.Split(p.renamed.Source(name), []byte("\n")), bytes.Split(p.texts[name], []byte("\n"))
		// Lines are only changed, added in one place or taken out, so what is the same at both ends needs no search.
		for i := 0; len(old) > 0 || len(now) > 0; i++ {
			switch {
			case len(old) > 0 && len(now) > 0 && bytes.Equal(old[0], now[0]):
				old, now = old[1:], now[1:]
			case len(old) < len(now) && len(now[0]) == 0:
				now = now[1:] // the blank line before a new table
			case len(old) < len(now):
				fmt.Fprintf(o.out, "%s:%d\n  + %s\n", name, i+1, bytes.TrimRight(now[0], "\r"))
				now = now[1:]
			case len(old) > len(now):
				fmt.Fprintf(o.out, "%s:%d\n  - %s\n", name, i+1, bytes.TrimRight(old[0], "\r"))
				old = old[1:]
			default:
				fmt.Fprintf(o.out, "%s:%d\n  - %s\n  + %s\n", name, i+1, bytes.TrimRight(old[0], "\r"), bytes.TrimRight(now[0], "\r"))
				old, now = old[1:], now[1:]
			}
		}
	}
}

// rename does what was worked out: the page under its new name first, which must not be there, then the files with
// other texts, and the old file goes last, when all is on the disk. If something fails, what was written is taken back.
func rename(dir, from, to string, t *build.Tree, texts map[string][]byte) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	var undo []func()
	defer func() {
		if err != nil {
			for _, f := range slices.Backward(undo) {
				f()
			}
			err = fmt.Errorf("%w; nothing was moved", err)
		}
	}()
	if now, err := root.ReadFile(from); err != nil {
		return err
	} else if !bytes.Equal(now, t.Source(from)) {
		return fmt.Errorf("%s has changed since it was read; run move again", from)
	}
	info, err := root.Stat(from)
	if err != nil {
		return err
	}
	for d := path.Dir(to); d != "content"; d = path.Dir(d) { // what is new of these is taken back last, the deepest first
		if _, err := root.Stat(d); errors.Is(err, fs.ErrNotExist) {
			undo = append([]func(){func() { _ = root.Remove(d) }}, undo...)
		}
	}
	if err := root.MkdirAll(path.Dir(to), 0o755); err != nil {
		return err
	}
	text, mended := texts[to]
	if !mended {
		text = t.Source(from)
	}
	f, err := root.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	undo = append(undo, func() { _ = root.Remove(to) })
	if _, err = f.Write(text); err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if name == to {
			continue
		}
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := replace(at, t.Source(name), texts[name]); err != nil {
			return fmt.Errorf("mend %s: %w", name, err)
		}
		undo = append(undo, func() { _ = replace(at, texts[name], t.Source(name)) })
	}
	if err := root.Remove(from); err != nil {
		return err
	}
	for d := path.Dir(from); d != "content" && root.Remove(d) == nil; d = path.Dir(d) {
		// Folders that the page leaves empty go with it; one that holds anything stays, since Remove refuses it.
	}
	return nil
}
