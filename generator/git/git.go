// Package git runs the git program for what publishing needs of a repository: what is committed, what another branch
// holds, and a new commit there.
//
// It never touches the work tree, the index, the current branch or any local ref: trees are made with an index of their
// own in a temporary folder, commits without a branch, and the one thing that changes is the branch at the remote, at once
// and only if it still stands where it was read.
package git

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Repo is a repository with a work tree.
type Repo struct {
	Dir  string // the top of the work tree
	Head string // the commit that is checked out; "" before the first one
	At   string // the branch that is checked out; "" for none
	env  []string
}

// Error is git's own word on why something did not work.
type Error struct {
	Doing string // in our words
	Says  string // in git's
}

func (e *Error) Error() string { return e.Doing + ": git says: " + e.Says }

// ErrNone is the error of a folder that lies in no repository.
var ErrNone = errors.New("this is not in a git repository")

// Moved is the error of a branch that somebody else has pushed to meanwhile.
type Moved struct{ Branch string }

func (m *Moved) Error() string {
	return fmt.Sprintf("somebody else has pushed to %s meanwhile", m.Branch)
}

// Open finds the repository around a folder.
func Open(dir string) (*Repo, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("the git program is not installed, or not on the PATH")
	}
	r := &Repo{Dir: dir}
	// A hook that calls us has told its git which repository and index are meant; here the folder decides. Messages are
	// read, so they have to be in English.
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE", "LC_ALL", "LANGUAGE"}, name) {
			r.env = append(r.env, v)
		}
	}
	r.env = append(r.env, "LC_ALL=C")
	top, err := r.line("look for the repository", "rev-parse", "--show-toplevel")
	if err != nil {
		var e *Error
		if errors.As(err, &e) && (strings.Contains(e.Says, "not a git repository") || strings.Contains(e.Says, "must be run in a work tree")) {
			return nil, ErrNone
		}
		return nil, err
	}
	r.Dir = filepath.FromSlash(top)
	r.Head, _ = r.line("read the current commit", "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	r.At, _ = r.line("read the current branch", "symbolic-ref", "--quiet", "--short", "HEAD")
	return r, nil
}

// Path is where a folder lies below the top of the work tree, with /; "." for the top itself.
func (r *Repo) Path(dir string) (string, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	top, err := filepath.EvalSymlinks(r.Dir)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(top, real)
	return filepath.ToSlash(rel), err
}

// Dirty lists the files below a folder, named from it, that are not as they are committed, or not committed at all.
func (r *Repo) Dirty(dir string) ([]string, error) {
	// Without optional locks: status would write what it learns about the files into the index.
	out, err := r.in(dir).run("look for uncommitted changes", nil, "--no-optional-locks", "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", ".")
	if err != nil {
		return nil, err
	}
	prefix, err := r.in(dir).line("look for the folder in the repository", "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	var files []string
	for _, f := range split(out) {
		files = append(files, strings.TrimPrefix(f[3:], prefix))
	}
	slices.Sort(files)
	return files, nil
}

// Ignored lists the files below a folder, named from it, that git is told to ignore.
func (r *Repo) Ignored(dir string) ([]string, error) {
	out, err := r.in(dir).run("look for ignored files", nil, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", ".")
	return split(out), err
}

// HasRemote says whether a remote of this name is set up, and lists those that are.
func (r *Repo) HasRemote(name string) (bool, []string, error) {
	out, err := r.run("list the remotes", nil, "remote")
	all := strings.Fields(string(out))
	return slices.Contains(all, name), all, err
}

// ValidBranch says whether a branch may have this name.
func (r *Repo) ValidBranch(name string) bool {
	_, err := r.run("", nil, "check-ref-format", "refs/heads/"+name)
	return err == nil && !strings.HasPrefix(name, "-")
}

// Fetch brings a branch of a remote here and returns its commit, or "" when there is no such branch. No ref is written.
func (r *Repo) Fetch(remote, branch string) (string, error) {
	ref := "refs/heads/" + branch
	out, err := r.run("ask "+remote+" for its branch "+branch, nil, "ls-remote", "--", remote, ref)
	if err != nil {
		return "", err
	}
	for _, line := range strings.Split(string(out), "\n") {
		id, name, ok := strings.Cut(line, "\t")
		if !ok || name != ref {
			continue
		}
		if _, err := r.run("", nil, "cat-file", "-e", id+"^{tree}"); err == nil {
			return id, nil // it is here
		}
		_, err := r.run("fetch the branch "+branch+" of "+remote, nil, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--refmap=", "--", remote, ref)
		return id, err
	}
	return "", nil
}

// Commit returns the commit that a name means.
func (r *Repo) Commit(name string) (string, error) {
	return r.line("find the commit "+name, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
}

// Short abbreviates a commit's id.
func (r *Repo) Short(commit string) string {
	if s, err := r.line("", "rev-parse", "--short", commit); err == nil {
		return s
	}
	return commit
}

// File reads one file of a commit; ok says whether there is such a file.
func (r *Repo) File(commit, name string) (data []byte, ok bool, err error) {
	doing := "read " + name + " of " + commit
	out, err := r.run(doing, nil, "ls-tree", "--name-only", "--full-tree", commit, "--", name)
	if err != nil || len(bytes.TrimSpace(out)) == 0 {
		return nil, false, err
	}
	data, err = r.run(doing, nil, "cat-file", "blob", commit+":"+name)
	return data, err == nil, err
}

// Files reads every file of a commit. A submodule is one without data.
func (r *Repo) Files(commit string) (map[string]Blob, error) {
	doing := "read the files of " + commit
	out, err := r.run(doing, nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	files := map[string]Blob{}
	var names []string
	var ask bytes.Buffer
	for _, line := range split(out) { // mode, type and id, then a tab and the name
		head, name, _ := strings.Cut(line, "\t")
		f := strings.Fields(head)
		if len(f) != 3 {
			return nil, &Error{doing, line}
		}
		if f[1] != "blob" { // the commit of a submodule, which is somebody else's repository
			files[name] = Blob{Mode: f[0], ID: f[2]}
			continue
		}
		files[name] = Blob{Mode: f[0], ID: f[2]}
		names = append(names, name)
		ask.WriteString(f[2] + "\n")
	}
	if out, err = r.run(doing, &ask, "cat-file", "--batch"); err != nil {
		return nil, err
	}
	in := bufio.NewReader(bytes.NewReader(out))
	for _, name := range names { // id, type and size, then the bytes and a line end
		head, err := in.ReadString('\n')
		f := strings.Fields(head)
		if err != nil || len(f) != 3 {
			return nil, &Error{doing, fmt.Sprintf("%q about %s", strings.TrimSpace(head), name)}
		}
		size, err := strconv.Atoi(f[2])
		if err != nil {
			return nil, &Error{doing, head}
		}
		b := files[name]
		b.Data = make([]byte, size)
		if _, err := io.ReadFull(in, b.Data); err != nil {
			return nil, &Error{doing, "less than it announced"}
		}
		files[name] = b
		if _, err := in.Discard(1); err != nil {
			return nil, &Error{doing, "less than it announced"}
		}
	}
	return files, nil
}

// Blob is a file of a commit.
type Blob struct {
	Mode string // "100644", as Write makes them; others are programs, symbolic links and submodules
	ID   string
	Data []byte
}

// Checkout writes the files of a commit below a folder of the repository ("." for all) into an empty folder, as a work
// tree would have them.
func (r *Repo) Checkout(commit, below, to string) error {
	doing := "write out the files of " + commit
	tree := commit + ":"
	if below != "." {
		tree += below
	}
	return r.withIndex(func(r *Repo) error {
		if _, err := r.run(doing, nil, "read-tree", "--end-of-options", tree); err != nil {
			return err
		}
		_, err := r.run(doing, nil, "checkout-index", "--all", "--force", "--prefix="+filepath.ToSlash(to)+"/")
		return err
	})
}

// Write makes a commit of some files on top of another one, "" for none, and returns its id. have are the files of that
// one; what it shares is not written again. The message gets a trailer with the tree, which tells this commit from others.
// Nothing leads to the commit until it is pushed.
func (r *Repo) Write(files map[string][]byte, have map[string]Blob, parent, message string) (string, error) {
	const doing = "store the site in the repository"
	dir, err := os.MkdirTemp("", "gloss-publish-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	var names, fresh []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	ids := map[string]string{}
	var paths bytes.Buffer
	for _, name := range names {
		if b, ok := have[name]; ok && bytes.Equal(b.Data, files[name]) {
			ids[name] = b.ID
			continue
		}
		path := filepath.Join(dir, strconv.Itoa(len(fresh)))
		if err := os.WriteFile(path, files[name], 0o600); err != nil {
			return "", err
		}
		paths.WriteString(path + "\n")
		fresh = append(fresh, name)
	}
	// Without filters: attributes and settings for line ends are about sources, and these bytes are to be published.
	out, err := r.run(doing, &paths, "hash-object", "-w", "--no-filters", "--stdin-paths")
	if err != nil {
		return "", err
	}
	for i, id := range strings.Fields(string(out)) {
		ids[fresh[i]] = id
	}
	var id string
	err = r.withIndex(func(r *Repo) error {
		var list bytes.Buffer
		for _, name := range names {
			list.WriteString("100644 " + ids[name] + "\t" + name + "\x00")
		}
		if _, err := r.run(doing, &list, "update-index", "--add", "-z", "--index-info"); err != nil {
			return err
		}
		id, err = r.line(doing, "write-tree")
		return err
	})
	if err != nil {
		return "", err
	}
	args := []string{"commit-tree", id, "-F", "-"}
	if parent != "" {
		args = append(args, "-p", parent)
	}
	out, err = r.run("commit the site", strings.NewReader(message+tree+id+"\n"), args...)
	return strings.TrimSpace(string(out)), err
}

// Push moves a branch of a remote to a commit, if it still stands at was; "" if there still is no such branch. Else the
// error is a [Moved].
func (r *Repo) Push(remote, branch, commit, was string) error {
	ref := "refs/heads/" + branch
	_, err := r.run("push to "+remote, nil, "push", "--porcelain", "--no-follow-tags", "--force-with-lease="+ref+":"+was, "--", remote, commit+":"+ref)
	var e *Error
	if errors.As(err, &e) {
		for _, sign := range []string{"stale info", "fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref", "reference already exists"} {
			if strings.Contains(e.Says, sign) {
				return &Moved{branch}
			}
		}
	}
	return err
}

// withIndex calls f with a repository whose index is a new file.
func (r *Repo) withIndex(f func(*Repo) error) error {
	dir, err := os.MkdirTemp("", "gloss-index-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	own := *r
	own.env = append(slices.Clip(r.env), "GIT_INDEX_FILE="+filepath.Join(dir, "index"))
	return f(&own)
}

func (r *Repo) in(dir string) *Repo {
	own := *r
	own.Dir = dir
	return &own
}

// run runs git and returns what it prints.
func (r *Repo) run(doing string, stdin io.Reader, args ...string) ([]byte, error) {
	c := exec.Command("git", args...)
	c.Dir, c.Env, c.Stdin = r.Dir, r.env, stdin
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		says := strings.TrimSpace(errs.String())
		if args[0] == "push" { // its word on each branch
			says = strings.TrimSpace(says + "\n" + strings.TrimSpace(out.String()))
		}
		if says == "" {
			says = err.Error()
		}
		return nil, &Error{doing, says}
	}
	return out.Bytes(), nil
}

// line runs git and returns the one line that it prints.
func (r *Repo) line(doing string, args ...string) (string, error) {
	out, err := r.run(doing, nil, args...)
	return strings.TrimSuffix(strings.TrimSuffix(string(out), "\n"), "\r"), err
}

// split cuts at NUL.
func split(out []byte) []string {
	list := strings.Split(string(out), "\x00")
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}
