package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diff"
	"gloss/generator/git"
	"gloss/generator/render"
)

// target is the branch that a site is published to.
type target struct{ remote, branch string }

func (t *target) flags(c *cobra.Command) {
	c.Flags().StringVar(&t.remote, "remote", "origin", "the remote that holds the published site")
	c.Flags().StringVar(&t.branch, "branch", "gh-pages", "its branch with the published site")
}

func (t target) String() string { return t.remote + "/" + t.branch }

func diffCommand(o *options) *cobra.Command {
	var to target
	var source, format string
	c := &cobra.Command{
		Use:   "diff [WHERE]",
		Short: "Say what readers would see change: facts, sentences, sections, events, sources",
		Long: `Compare the site as it would be built now with what is published.

WHERE is a folder with an earlier output, or a commit or branch that holds one, such as
origin/gh-pages~1. Without it, the branch that publish writes to is fetched. With --source the
sources of an earlier commit are built instead.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains([]string{"text", "json", "html"}, format) {
				return fmt.Errorf("--format %q: use text, json or html", format)
			}
			if source != "" && len(args) > 0 {
				return errors.New("WHERE names an output and --source names sources; use one of them")
			}
			dir, t, env, err := o.load()
			if err != nil {
				return err
			}
			r := build.Build(t, env, nil)
			if r.Errors() {
				o.report(o.errs, r.Findings, r.Waits(false), t, " Nothing was compared.")
				return ending(r.Findings)
			}
			var old map[string][]byte
			var name string
			switch {
			case source != "":
				old, name, err = o.buildAt(dir, source, env)
			case len(args) > 0:
				old, name, err = outputAt(dir, args[0])
			default:
				old, name, err = liveAt(dir, to)
			}
			if err != nil {
				return err
			}
			report, err := diff.Compare(old, r.Files)
			if err != nil {
				return incomparable(err)
			}
			report.Old, report.New = name, "the site as it is now"
			return writeDiff(o.out, report, format, t)
		},
	}
	to.flags(c)
	c.Flags().StringVar(&source, "source", "", "build the sources of this commit and compare with that")
	c.Flags().StringVar(&format, "format", "text", "text, json or html")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "the address of the published site; wins over site.toml")
	c.Flags().BoolVar(&o.drafts, "drafts", false, "take drafts in")
	return c
}

// incomparable adds to the error of a comparison what can be done.
func incomparable(err error) error {
	if errors.Is(err, diff.ErrNoList) {
		return fmt.Errorf("%w\nhint: it was written by an earlier gloss; publish once, or use --source with the commit that it was made from", err)
	}
	return err
}

// writeDiff writes a report in one of the formats. t has the stylesheet that its page is shown in.
func writeDiff(w io.Writer, r *diff.Report, format string, t *build.Tree) error {
	switch format {
	case "json":
		return r.JSON(w)
	case "html":
		style := ""
		if i := slices.IndexFunc(t.Layouts, func(f content.File) bool { return f.Name == render.Style }); i >= 0 {
			style = string(t.Layouts[i].Text)
		}
		return r.Page(w, style)
	}
	return r.Text(w)
}

// outputAt reads an output from a folder, named from here or from the site, or from a commit.
func outputAt(dir, where string) (map[string][]byte, string, error) {
	if at := folderOf(dir, where); at != "" {
		files, err := build.ReadOutput(at)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, "", fmt.Errorf("the folder %s holds no output of gloss: there is no %s in it, or a file is missing that it lists\nhint: name a folder that build has written", where, build.List)
		}
		return files, "the folder " + where, err
	}
	repo, err := git.Open(dir)
	if err != nil {
		return nil, "", fmt.Errorf("%q is no folder, and no commit: %w", where, err)
	}
	commit, err := repo.Commit(where)
	if err != nil {
		return nil, "", fmt.Errorf("%q is neither a folder nor a branch or commit\nhint: a branch of a remote is written like origin/gh-pages, after git fetch", where)
	}
	files, err := outputOf(repo, commit)
	return files, where + " (" + repo.Short(commit) + ")", err
}

// outputOf reads the output that a commit holds.
func outputOf(repo *git.Repo, commit string) (map[string][]byte, error) {
	blobs, err := repo.Files(commit)
	if err != nil {
		return nil, err
	}
	if _, ok := blobs[build.List]; !ok {
		return nil, fmt.Errorf("the commit %s holds no output of gloss: there is no %s in it\nhint: to compare with the sources of a commit, use --source", repo.Short(commit), build.List)
	}
	files := make(map[string][]byte, len(blobs))
	for name, b := range blobs {
		files[name] = b.Data
	}
	return files, nil
}

// liveAt fetches the branch that publish writes to.
func liveAt(dir string, to target) (map[string][]byte, string, error) {
	repo, err := openFor(dir, to)
	if err != nil {
		return nil, "", err
	}
	commit, err := repo.Fetch(to.remote, to.branch)
	if err != nil {
		return nil, "", fmt.Errorf("%w\nhint: without a network, name what was fetched last: %s", err, to)
	}
	if commit == "" {
		return nil, "", fmt.Errorf("nothing is published yet: %s has no branch %s\nhint: choose another with --remote and --branch, or name a folder with an earlier output", to.remote, to.branch)
	}
	files, err := outputOf(repo, commit)
	return files, to.String() + " (" + repo.Short(commit) + ")", err
}

// openFor opens the repository of a site and makes sure that it has the remote.
func openFor(dir string, to target) (*git.Repo, error) {
	repo, err := git.Open(dir)
	if errors.Is(err, git.ErrNone) {
		return nil, fmt.Errorf("%s: %w\nhint: run git init, commit the site, and add a remote with git remote add", dir, err)
	}
	if err != nil {
		return nil, err
	}
	ok, all, err := repo.HasRemote(to.remote)
	if err != nil {
		return nil, err
	}
	if !ok {
		hint := "add one with git remote add " + to.remote + " URL"
		if len(all) > 0 {
			hint = fmt.Sprintf("choose one of %q with --remote", all)
		}
		return nil, fmt.Errorf("there is no remote %q\nhint: %s", to.remote, hint)
	}
	return repo, nil
}

// buildAt builds the sources of an earlier commit. They pass through a temporary folder, since reading a site knows
// symlinks and the rules of the disk.
func (o *options) buildAt(dir, source string, env build.Env) (map[string][]byte, string, error) {
	repo, err := git.Open(dir)
	if err != nil {
		return nil, "", err
	}
	commit, err := repo.Commit(source)
	if err != nil {
		return nil, "", fmt.Errorf("--source %q is no commit or branch here", source)
	}
	below, err := repo.Path(dir)
	if err != nil {
		return nil, "", err
	}
	tmp, err := os.MkdirTemp("", "gloss-source-")
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(tmp)
	if err := repo.Checkout(commit, below, tmp); err != nil {
		return nil, "", err
	}
	t, err := build.Read(tmp, gloss.Theme)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", fmt.Errorf("the commit %s has no site.toml where the site is now\nhint: name a later commit", repo.Short(commit))
	}
	if err != nil {
		return nil, "", err
	}
	r := build.Build(t, env, nil)
	if r.Stopped || r.Failed() {
		o.report(o.errs, r.Findings, r.Waits(false), t, " These are findings of the earlier sources.")
		return nil, "", fmt.Errorf("the sources of %s cannot be built", repo.Short(commit))
	}
	return r.Files, "the sources of " + source + " (" + repo.Short(commit) + ")", nil
}
