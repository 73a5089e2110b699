package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gloss/generator/build"
	"gloss/generator/diff"
	"gloss/generator/git"
	"gloss/generator/site"
)

func publishCommand(o *options) *cobra.Command {
	var to target
	var message, over string
	var dry bool
	c := &cobra.Command{
		Use:   "publish",
		Short: "Check the site, build it and push it to a branch, such as that of GitHub Pages",
		Long: `Check the site, build it in memory, and push it as one new commit on a branch of its own.
The work tree, the index and the branch that you are on stay as they are. When nothing differs,
nothing is pushed. What others changed on that branch is not undone, unless --over says so.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := o.prepare(to, over, dry)
			if err != nil {
				return err
			}
			if dry {
				return p.tell()
			}
			return p.push(message)
		},
	}
	to.flags(c)
	c.Flags().StringVar(&message, "message", "", "the message of the commit (default: what changed)")
	c.Flags().StringVar(&over, "over", "", "the last commit of the branch: replace what others changed there up to it")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would change for readers, and change nothing")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "the address of the published site; wins over site.toml")
	return c
}

// publication is a site that is ready to be published, and what stands where it goes.
type publication struct {
	*options
	to     target
	repo   *git.Repo
	tree   *build.Tree
	title  string
	files  map[string][]byte // with the list of them
	commit string            // that the branch stands at; "" when there is no branch
	blobs  map[string]git.Blob
	before map[string][]byte // the files of that commit
	lost   []string          // what others changed there and this replaces, since --over says so
	refuse error             // dry runs: why this could not be published
}

// prepare builds the site and fetches what is published. In a dry run, what is not committed can be compared all the same,
// and that it could not be published waits in refuse.
func (o *options) prepare(to target, over string, dry bool) (*publication, error) {
	dir, t, env, err := o.load()
	if err != nil {
		return nil, err
	}
	env.Build, env.Today = true, time.Now().Format("2006-01-02") // a site may want reviews done before it is published
	p := &publication{options: o, to: to, tree: t}
	if p.repo, err = openFor(dir, to); err != nil {
		return nil, err
	}
	switch {
	case !p.repo.ValidBranch(to.branch):
		return nil, fmt.Errorf("%q is no name for a branch", to.branch)
	case p.repo.Head == "":
		return nil, errors.New("nothing is committed yet, so that what is published could not be found again\nhint: git add and git commit the site first")
	case p.repo.At == to.branch:
		return nil, fmt.Errorf("%q is the branch that you are on; publishing would put the finished site in the place of its sources\nhint: choose another with --branch", to.branch)
	}
	if p.refuse, err = p.uncommitted(dir); err != nil {
		return nil, err
	}
	if p.refuse != nil && !dry {
		return nil, p.refuse
	}
	if p.commit, err = p.repo.Fetch(to.remote, to.branch); err != nil {
		return nil, fmt.Errorf("%w\nhint: see that git fetch %s works", err, to.remote)
	}
	if p.commit != "" {
		if p.blobs, err = p.repo.Files(p.commit); err != nil {
			return nil, err
		}
		p.before = make(map[string][]byte, len(p.blobs))
		for name, b := range p.blobs {
			p.before[name] = b.Data
		}
	}
	if list, ok := p.before[site.AddressFile]; ok { // the addresses that must not be lost
		if env.Published, err = site.ReadManifest(list); err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", site.AddressFile, to, err)
		}
	}
	r := build.Build(t, env, nil)
	if r.Errors() {
		o.report(o.errs, r.Findings, r.Waits(false), t, " Nothing was published.")
		return nil, ending(r.Findings)
	}
	o.report(o.errs, r.Findings, r.Waits(false), t, "")
	p.title = r.Site.Config.Title
	if p.files, err = r.Output(p.before); err != nil {
		return nil, o.faults(err, t, " Nothing was published.")
	}
	if p.commit == "" {
		return p, nil
	}
	p.sayUnused(r.Site)
	switch err := p.foreign(over); {
	case err != nil && !dry:
		return nil, err
	case p.refuse == nil:
		p.refuse = err
	}
	return p, nil
}

// sayUnused names files that are published and that nothing uses any more: links from elsewhere may lead to them.
func (p *publication) sayUnused(s *site.Site) {
	var gone []string
	for _, a := range p.tree.Assets {
		if _, there := p.before[a.Path]; there && s.Unused(a) {
			gone = append(gone, a.File)
		}
	}
	if len(gone) > 0 {
		fmt.Fprintf(p.errs, "Note: published, and used by nothing any more, so taken down: %s; what is to stay at its address belongs in static/.\n", some(gone))
	}
}

// uncommitted is the error of a work tree that differs from its commit: what is published could not be found again.
// Folders that build wrote do not count.
func (p *publication) uncommitted(dir string) (error, error) {
	dirty, err := p.repo.Dirty(dir)
	if err != nil {
		return nil, err
	}
	ignored, err := p.repo.Ignored(dir)
	if err != nil {
		return nil, err
	}
	// An ignored file is no matter, unless the site is made of it.
	for _, name := range ignored {
		if _, used := p.tree.Bytes[name]; used {
			dirty = append(dirty, name)
		}
	}
	outputs := map[string]bool{}
	dirty = slices.DeleteFunc(dirty, func(name string) bool {
		for d := path.Dir(name); d != "."; d = path.Dir(d) {
			is, known := outputs[d]
			if !known {
				_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(d), build.List))
				is = err == nil
				outputs[d] = is
			}
			if is {
				return true
			}
		}
		return false
	})
	if len(dirty) == 0 {
		return nil, nil
	}
	return fmt.Errorf("%s not committed: %s\nhint: git add and git commit them, or put them aside with git stash --include-untracked", are(len(dirty)), some(dirty)), nil
}

// compare compares with what is published; nil when that cannot be done, since there is nothing or it is too old.
func (p *publication) compare() (*diff.Report, error) {
	if p.commit == "" {
		return nil, nil
	}
	r, err := diff.Compare(p.before, p.files)
	if err != nil {
		return nil, incomparable(err)
	}
	r.Old, r.New = p.to.String()+" ("+p.repo.Short(p.commit)+")", "the site as it is now"
	return r, nil
}

// same says whether the branch holds this very site.
func (p *publication) same() bool {
	if p.commit == "" || len(p.before) != len(p.files) {
		return false
	}
	for name, data := range p.files {
		if old, ok := p.before[name]; !ok || !bytes.Equal(old, data) {
			return false
		}
	}
	return true
}

// tell says what publishing would do.
func (p *publication) tell() error {
	switch r, err := p.compare(); {
	case err != nil:
		return err
	case r == nil:
		fmt.Fprintf(p.errs, "Nothing is published yet: %s would get the branch %s with %s.\n", p.to.remote, p.to.branch, plural(len(p.files), "file"))
	default:
		if err := r.Text(p.out); err != nil {
			return err
		}
		switch {
		case p.same():
			fmt.Fprintf(p.errs, "%s holds this very site: there would be no commit.\n", p.to)
		case !r.Changed:
			fmt.Fprintf(p.errs, "%s would get a commit all the same: files differ that readers do not read, such as layouts.\n", p.to)
		}
	}
	if len(p.lost) > 0 {
		fmt.Fprintf(p.errs, "What others changed would be replaced: %s.\n", some(p.lost))
	}
	return p.refuse
}

// push publishes.
func (p *publication) push(message string) error {
	if p.same() {
		fmt.Fprintf(p.errs, "Nothing new: %s holds this site already (%s).\n", p.to, p.repo.Short(p.commit))
		return nil
	}
	summary := []string{"First published."}
	if r, err := p.compare(); r != nil {
		summary = r.Summary()
	} else if p.commit != "" && err != nil {
		summary = nil // what an earlier gloss wrote; that is no reason to keep it
	}
	if message == "" {
		message = "Publish " + p.title + "\n\n" + strings.Join(summary, "\n")
	}
	message = strings.TrimSpace(message)
	if len(p.lost) > 0 {
		message += "\n\nReplaces what others changed: " + some(p.lost)
	}
	// The source is named here and not in the pages: else every commit would change every page.
	message += "\n\n" + git.Source + p.repo.Head + "\n"
	commit, err := p.repo.Write(p.files, p.blobs, p.commit, message)
	if err != nil {
		return err
	}
	err = p.repo.Push(p.to.remote, p.to.branch, commit, p.commit)
	var moved *git.Moved
	if errors.As(err, &moved) {
		return fmt.Errorf("%w\nNothing was published.\nhint: run publish again; it looks at the branch anew", err)
	}
	if err != nil {
		return fmt.Errorf("%w\nNothing was published.\nhint: see that you may push there, and what the remote wants", err)
	}
	if len(p.lost) > 0 {
		fmt.Fprintf(p.errs, "Replaced what others changed: %s. It stays in the history of the branch.\n", some(p.lost))
	}
	fmt.Fprintf(p.errs, "Published %s to %s (%s): %s.\n", plural(len(p.files), "file"), p.to, p.repo.Short(commit), strings.TrimSuffix(strings.Join(summary, "; "), "."))
	return nil
}

// some names a few of many files.
func some(names []string) string {
	const few = 10
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", len(names)-few)
}

// are counts files in a sentence.
func are(n int) string {
	if n == 1 {
		return "1 file is"
	}
	return fmt.Sprintf("%d files are", n)
}
