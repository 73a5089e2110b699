package git

import (
	"regexp"
	"strings"
)

// Commit is what the history of a branch says of one of its commits.
type Commit struct {
	ID, Tree string
	By       string // who put it there: the committer, or the author of an edit in the browser, which GitHub commits
	Date     string // of the commit, as 2006-01-02
	Message  string
}

// Trailers of the commits that [Repo.Write] makes. Source is the commit of the sources, which the caller writes into the
// message; Tree is what Write stored, so that a commit with other files is known as somebody else's, whatever it says.
const (
	Source = "Source: "
	tree   = "Tree: "
)

var trailer = regexp.MustCompile(`(?m)^(Source: |Tree: )([0-9a-f]{40,64})$`)

// Published returns the commit of the sources that a published commit was made from, and whether Write made it. Versions
// before the trailer Tree left it out.
func (c Commit) Published() (source string, ok bool) {
	stored := c.Tree
	paragraphs := strings.Split(strings.TrimSpace(c.Message), "\n\n")
	for _, m := range trailer.FindAllStringSubmatch(paragraphs[len(paragraphs)-1], -1) {
		if m[1] == Source {
			source = m[2]
		} else {
			stored = m[2]
		}
	}
	return source, source != "" && stored == c.Tree
}

// LastPublished returns the newest commit of a branch's history that Write made; nil when there is none.
func (r *Repo) LastPublished(commit string) (*Commit, error) {
	for _, only := range [][]string{{"--max-count=1"}, nil} { // most often it is the last one
		list, err := r.log("read the history of the branch", append(only, "--topo-order", commit)...)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if _, ok := c.Published(); ok {
				return &c, nil
			}
		}
	}
	return nil, nil
}

// LastChange returns the newest commit after another one, or of the whole history if that is "", in which a file differs.
func (r *Repo) LastChange(since, commit, file string) (*Commit, error) {
	span := commit
	if since != "" {
		span = since + ".." + commit
	}
	doing := "look who changed " + file
	list, err := r.log(doing, "--max-count=1", span, "--", ":(top,literal)"+file)
	if err == nil && len(list) == 0 { // a merge that took neither side
		list, err = r.log(doing, "--max-count=1", commit)
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// log reads commits.
func (r *Repo) log(doing string, args ...string) ([]Commit, error) {
	out, err := r.run(doing, nil, append([]string{"log", "-z", "--no-show-signature", "--encoding=UTF-8", "--date=short", "--format=%H%n%T%n%cn%n%an%n%cd%n%B"}, args...)...)
	if err != nil {
		return nil, err
	}
	var list []Commit
	for _, text := range split(out) {
		f := strings.SplitN(text, "\n", 6)
		for len(f) < 6 {
			f = append(f, "")
		}
		c := Commit{ID: f[0], Tree: f[1], By: f[2], Date: f[4], Message: f[5]}
		if c.By == "GitHub" {
			c.By = f[3]
		}
		list = append(list, c)
	}
	return list, nil
}

// Has says whether a commit is in the repository.
func (r *Repo) Has(commit string) bool {
	_, err := r.run("", nil, "cat-file", "-e", commit+"^{commit}")
	return err == nil
}

// Contains says whether a commit is another one or has it in its history. Both have to be in the repository.
func (r *Repo) Contains(commit, old string) bool {
	_, err := r.run("", nil, "merge-base", "--is-ancestor", old, commit)
	return err == nil
}

// OnRemote says whether a commit is in the history of a branch of a remote, as it was fetched last.
func (r *Repo) OnRemote(commit string) (bool, error) {
	out, err := r.line("look for "+commit+" on the remotes", "for-each-ref", "--count=1", "--contains", commit, "--format=%(refname)", "refs/remotes")
	return out != "", err
}

// Shallow says whether the repository was cloned without its whole history.
func (r *Repo) Shallow() bool {
	out, _ := r.line("", "rev-parse", "--is-shallow-repository")
	return out == "true"
}
