package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gloss/generator/build"
	"gloss/generator/git"
)

// domainFile is where GitHub keeps the domain that is set for a site, in its settings or by a file of the output.
const domainFile = "CNAME"

// foreign refuses to undo what others did on the branch since the last commit there that publish made, and to publish
// sources that are behind those of that commit. What the build would write itself is no loss; a domain set in GitHub's
// settings is taken over, if site.toml has none. over is the commit that may be replaced, whatever it holds.
func (p *publication) foreign(over string) error {
	if over != "" {
		if id, err := p.repo.Commit(over); err != nil || id != p.commit {
			return fmt.Errorf("--over %s is not where %s stands now, which is %s\nhint: look at that commit before you replace it", over, p.to, p.repo.Short(p.commit))
		}
	}
	last, err := p.repo.LastPublished(p.commit)
	if err != nil {
		return err
	}
	was, since := map[string]git.Blob{}, ""
	if last != nil {
		since = last.ID
		if was, err = p.repo.Files(since); err != nil {
			return err
		}
	}
	p.takeDomain(was)
	var lost []string
	for _, name := range slices.Sorted(maps.Keys(union(was, p.blobs))) {
		old, had := was[name]
		now, has := p.blobs[name]
		if name == build.List || had == has && old.ID == now.ID && old.Mode == now.Mode {
			continue
		}
		text, wanted := p.files[name]
		if has != wanted || has && (now.Mode != "100644" || !bytes.Equal(text, now.Data) && !sameDomain(name, text, now.Data)) {
			lost = append(lost, name)
		}
	}
	if over != "" {
		if p.lost = lost; len(lost) == 0 {
			p.lost = nil
		}
		return nil
	}
	at := p.repo.Short(p.commit)
	replace := fmt.Sprintf("--over %s, which replaces it; it stays in the history of the branch", at)
	_, list := p.blobs[build.List]
	switch {
	case last == nil && len(lost) == 0: // a branch with nothing on it, or with a domain
	case last == nil && p.repo.Shallow():
		return fmt.Errorf("who changed %s cannot be told, since this repository has only a part of the history\nhint: git fetch --unshallow", p.to)
	case last == nil && !list:
		return fmt.Errorf("the branch %s was not written by gloss, and publishing would replace what it holds: %s\nhint: choose another with --branch; or, if nobody needs what it holds, publish with %s", p.to, some(lost), replace)
	case last == nil:
		return fmt.Errorf("no commit of %s was made by publish, so that it cannot be told what others changed there: %s\nhint: if nobody did, publish with %s", p.to, some(lost), replace)
	case len(lost) > 0:
		return p.undoes(lost, was, since, replace)
	}
	if last == nil {
		return nil
	}
	return p.behind(last, at)
}

// takeDomain puts a domain that somebody set in GitHub's settings into the files, if site.toml has none. Such a file is
// not on the list of what gloss wrote, so that it is known the next time.
func (p *publication) takeDomain(was map[string]git.Blob) {
	now, there := p.blobs[domainFile]
	if _, own := p.files[domainFile]; own || !there {
		return
	}
	if old, ok := was[domainFile]; ok && old.ID == now.ID && build.Listed(was[build.List].Data)[domainFile] {
		return // from an earlier site.toml
	}
	domain := strings.TrimSpace(string(now.Data))
	p.files[domainFile] = now.Data
	fmt.Fprintf(p.errs, "Note: %s of %s is kept, with the domain %s; set domain = %q in site.toml, so that every build has it.\n", domainFile, p.to, domain, domain)
}

// sameDomain says whether a file holds the domain that GitHub wrote into it, which ends no line.
func sameDomain(name string, a, b []byte) bool {
	return name == domainFile && strings.EqualFold(strings.TrimSpace(string(a)), strings.TrimSpace(string(b)))
}

// undoes is the error that names what others did, and who and when.
func (p *publication) undoes(lost []string, was map[string]git.Blob, since, replace string) error {
	const few = 10
	var b strings.Builder
	fmt.Fprintf(&b, "others changed %s since gloss published there (%s), and publishing would undo it:", p.to, p.repo.Short(since))
	var added, changed bool
	for i, name := range lost {
		did := "changed"
		if _, had := was[name]; !had {
			did, added = "added", true
		} else if _, has := p.blobs[name]; !has {
			did = "removed"
		}
		changed = changed || did != "added"
		if i >= few {
			continue
		}
		c, err := p.repo.LastChange(since, p.commit, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n  %s: %s by %s on %s (%s)", name, did, c.By, c.Date, p.repo.Short(c.ID))
	}
	if len(lost) > few {
		fmt.Fprintf(&b, "\n  and %d more", len(lost)-few)
	}
	var hints []string
	ours, is := p.files[domainFile]
	theirs, has := p.blobs[domainFile]
	domain := slices.Contains(lost, domainFile)
	switch {
	case domain && is && has:
		hints = append(hints, fmt.Sprintf("set domain = %q in site.toml, which has %q, to keep theirs", strings.TrimSpace(string(theirs.Data)), strings.TrimSpace(string(ours))))
	case domain && is:
		hints = append(hints, "take domain out of site.toml, if it is to stay removed")
	}
	if !domain || len(lost) > 1 {
		if added {
			hints = append(hints, "put what was added into static/")
		}
		if changed {
			hints = append(hints, "do in the sources what was changed or removed")
		}
	}
	return errors.New(b.String() + "\nhint: " + strings.Join(hints, "; ") + "; or publish with " + replace)
}

// behind refuses sources that lack what is published: another machine has published, and its commits are not here.
func (p *publication) behind(last *git.Commit, at string) error {
	source, _ := last.Published()
	short := func(id string) string { return id[:min(len(id), 10)] }
	if !p.repo.Has(source) {
		if p.repo.Shallow() {
			return nil // a part of the history cannot tell
		}
		return fmt.Errorf("%s was published on %s from the commit %s, which is not in this repository: publishing would take back what is in it\nhint: git pull the sources, and publish again; or, if that commit is nowhere any more, publish with --over %s", p.to, last.Date, short(source), at)
	}
	if p.repo.Contains(p.repo.Head, source) {
		return nil
	}
	shared, err := p.repo.OnRemote(source)
	switch {
	case err != nil:
		return err
	case shared:
		return fmt.Errorf("%s was published on %s from the commit %s, which others have and your branch has not: publishing would take back what is in it\nhint: git pull the sources, and publish again; or, to take it back, publish with --over %s", p.to, last.Date, short(source), at)
	}
	fmt.Fprintf(p.errs, "Note: what is published was made from the commit %s, which is not part of what you publish now.\n", short(source))
	return nil
}

// union holds the keys of both.
func union[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}
