package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
)

func checkCommand(o *options) *cobra.Command {
	var fix, all, outside, private bool
	var format, today, where, cache string
	var gap time.Duration
	c := &cobra.Command{
		Use:   "check",
		Short: "Report everything that is wrong, and write nothing",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if !slices.Contains([]string{"text", "json", "github"}, format) {
				return fmt.Errorf("--format %q: use text, json or github", format)
			}
			dir, t, env, err := o.load()
			if err != nil {
				return err
			}
			if env.Today = today; today == "" {
				env.Today = time.Now().Format("2006-01-02")
			} else if d, why := content.ParseDate(today); why != "" || len(d.ISO) != 10 {
				return fmt.Errorf("--today %q is no day; write it like 2024-02-05", today)
			} else {
				env.Today = d.ISO // without a time of day
			}
			env.All = all
			if where != "" {
				var why string
				if env.Published, why, err = published(dir, where); err != nil {
					return err
				}
				if why != "" {
					fmt.Fprintf(o.errs, "Nothing is published yet: %s.\n", why)
				}
			}
			r := build.Build(t, env, nil)
			recorded := false
			if outside {
				if recorded, err = o.outside(dir, t, r, cache, private, gap, fix); err != nil {
					return err
				}
			}
			if fix && !r.Failed() {
				n, err := mend(dir, t, r.Findings)
				if err != nil {
					return err
				}
				if n > 0 {
					fmt.Fprintf(o.errs, "Mended %s.\n", mended(n, r.Findings))
				}
				if n > 0 || recorded {
					if t, err = build.Read(dir, gloss.Theme); err != nil {
						return err
					}
					r = build.Build(t, env, nil)
				}
			}
			found := r.Findings
			if all {
				for _, f := range r.Hidden {
					f.Severity = diag.Warning
					found = append(found, f)
				}
				found = diag.Sort(found)
			}
			switch format {
			case "json":
				if err := diag.JSON(o.out, found, r.Waits(all), t.Source); err != nil {
					return err
				}
			case "github":
				diag.GitHub(o.out, found, r.Waits(all), t.Source, folder(dir))
			default:
				o.report(o.out, found, r.Waits(all), t, "")
				if len(found) == 0 {
					fmt.Fprintf(o.errs, "Nothing to report: %s.\n", plural(len(r.Site.Pages), "page"))
				}
			}
			return ending(r.Findings)
		},
	}
	c.Flags().BoolVar(&fix, "fix", false, "rewrite checked numbers and dates that disagree with their records, and write redirects for lost addresses")
	c.Flags().StringVar(&where, "published", "", "hold the site against what is published: a folder, a branch such as origin/gh-pages, or the address of the live site")
	c.Flags().BoolVar(&all, "all", false, "show the findings that are off, too")
	c.Flags().BoolVar(&outside, "external", false, "ask other sites whether the links to them lead anywhere; with --fix, record what is gone")
	c.Flags().StringVar(&cache, "cache", "", "with --external, the file that keeps the answers of other sites (default: below the user's cache folder)")
	c.Flags().DurationVar(&gap, "pause", usualGap, "with --external, the time between two requests to one host")
	c.Flags().BoolVar(&private, "private", false, "with --external, ask for addresses of private networks, too")
	c.Flags().StringVar(&format, "format", "text", "text, json or github")
	c.Flags().StringVar(&today, "today", "", "the day for review dates, such as 2024-02-05 (default: today)")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "the address of the published site; wins over site.toml")
	c.Flags().BoolVar(&o.drafts, "drafts", false, "check drafts too")
	return c
}

// outside asks for the links that lead out of the site. With fix it keeps the site's records of what is gone, and says
// whether they changed; else it adds what it found.
func (o *options) outside(dir string, t *build.Tree, r *build.Result, cache string, private bool, gap time.Duration, fix bool) (recorded bool, err error) {
	if cache == "" {
		if cache, err = defaultCache(); err != nil {
			return false, err
		}
	}
	ask, err := newOutside(cache, private, gap, r.Site)
	if err != nil {
		return false, err
	}
	records, found, err := external(ask, r)
	if err != nil {
		return false, err
	}
	ask.told(o.errs, r.Site.Outside())
	if fix {
		return keepDead(dir, t, records)
	}
	r.Add(found)
	return false, nil
}

// mended says what was: checked places, and redirects that were written for addresses.
func mended(n int, found []diag.Finding) string {
	redirects := 0
	for _, f := range found {
		if f.Code == "lost-address" && len(f.Fixes) > 0 {
			redirects++
			n -= len(f.Fixes)
		}
	}
	switch {
	case redirects == 0:
		return plural(n, "checked place")
	case n == 0:
		return plural(redirects, "lost address") + " with redirects in site.toml"
	}
	return plural(n, "checked place") + " and " + plural(redirects, "lost address") + " with redirects in site.toml"
}

// mend puts the fixes of findings into the files, last first, each file through a temporary one and a rename.
func mend(dir string, t *build.Tree, found []diag.Finding) (int, error) {
	fixes := map[string][]diag.Fix{}
	for _, f := range found {
		for _, x := range f.Fixes {
			fixes[x.Span.File] = append(fixes[x.Span.File], x)
		}
	}
	n := 0
	for _, name := range slices.Sorted(maps.Keys(fixes)) {
		text, mended := diag.Apply(t.Source(name), fixes[name])
		n += mended
		if err := replace(filepath.Join(dir, filepath.FromSlash(name)), t.Source(name), text); err != nil {
			return n, fmt.Errorf("mend %s: %w", name, err)
		}
	}
	return n, nil
}

// replace puts a new text where the old one stands, with the mode that it has. A file that its writer has saved since it
// was read is left alone.
func replace(path string, old, text []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer root.Close()
	base := filepath.Base(path)
	info, err := root.Stat(base)
	if err != nil {
		return err
	}
	if now, err := root.ReadFile(base); err != nil {
		return err
	} else if !bytes.Equal(now, old) {
		return errors.New("the file has changed since it was read; run check --fix again")
	}
	if err := build.Replace(root, base, text, info.Mode().Perm()); err != nil {
		return err
	}
	return root.Chmod(base, info.Mode().Perm()) // what the umask took away
}

// folder is where a site lies below the working directory, which in a workflow is the repository; "" elsewhere.
func folder(dir string) string {
	wd, err := os.Getwd()
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(wd, dir)
	if err != nil || rel == "." || strings.HasPrefix(rel, "..") {
		return ""
	}
	return filepath.ToSlash(rel) + "/"
}
