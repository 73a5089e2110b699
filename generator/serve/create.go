package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// kinds are the folders in which a new page may lie, and what it says at first. What is left empty is asked for by a
// finding, at its line.
var kinds = []struct{ folder, front string }{
	{"", ""},
	{"terms/", "summary:\n"},
	{"who/", "kind: person\nrole:\nrole_as_of:\nsummary:\n"},
	{"events/", "date:\nsource:\nsummary:\n"},
}

// creatable lists the files that would give a reference a page to lead to.
func (s *server) creatable(p *site.Page, r *content.Ref) []string {
	name := strings.TrimSuffix(r.Target, ".md")
	if r.Kind != content.RefLink && r.Kind != content.RefEmbed || name == "" || !r.Wiki && !strings.HasSuffix(r.Target, ".md") {
		return []string{}
	}
	if strings.Contains(name, "/") || !r.Wiki { // it says itself where
		to := path.Join(path.Dir(p.Name), name)
		if r.Wiki || strings.HasPrefix(name, "/") {
			to = strings.TrimPrefix(path.Clean("/"+name), "/")
		}
		if strings.HasPrefix(to, "../") || !fs.ValidPath(to) {
			return []string{}
		}
		return s.free("content/" + to + ".md")
	}
	slug := content.Slug(name)
	if slug == "" {
		return []string{}
	}
	out := []string{}
	for _, k := range kinds {
		out = append(out, s.free("content/"+k.folder+slug+".md")...)
	}
	return out
}

// free returns the file unless there is one.
func (s *server) free(file string) []string {
	if _, taken := s.tree.Bytes[file]; taken {
		return []string{}
	}
	return []string{file}
}

// offers says whether a link of the page at an address leads to a target that does not exist and that a file would make.
func (s *server) offers(at, target, file string) (offered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.where(s.now.Load().within(at)).page; p != nil {
		for i := range p.Refs {
			ref := &p.Refs[i]
			offered = offered || ref.Target == target && !p.Targets[i].OK() && slices.Contains(s.creatable(p, ref), file)
		}
	}
	return offered
}

// create writes the page that a link of this page asks for: POST /_gloss/create. Only the files that the link was
// offered can be made, below content/, and none is ever replaced.
func (s *server) create(w http.ResponseWriter, r *http.Request) {
	var ask struct{ Path, Target, File string }
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
		http.Error(w, "this request cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	if !s.offers(ask.Path, ask.Target, ask.File) {
		http.Error(w, "No link of this page asks for that file.", http.StatusForbidden)
		return
	}
	if err := s.write(ask.File, ask.Target); err != nil {
		status := http.StatusInternalServerError
		if errors.Is(err, fs.ErrExist) {
			status = http.StatusConflict
		}
		http.Error(w, "could not create "+ask.File+": "+err.Error(), status)
		return
	}
	fmt.Fprintf(s.Log, "created %s\n", ask.File)
	s.answerOpened(w, ask.File, diag.Position{Line: 2, Column: 1})
}

// write makes a new page below content/, and nowhere else: a symlink that leads out is not followed.
func (s *server) write(file, target string) error {
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	in, err := root.OpenRoot("content")
	if err != nil {
		return err
	}
	defer in.Close()
	name := strings.TrimPrefix(file, "content/")
	if err := in.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := in.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(template(name, target))
	return errors.Join(err, f.Close())
}

// template is what a new page says at first.
func template(name, target string) string {
	title := path.Base(strings.TrimSuffix(target, ".md"))
	if !strings.Contains(target, " ") && strings.Contains(target, "-") { // a file name: camp-taji
		title = strings.ReplaceAll(title, "-", " ")
	}
	front := ""
	for _, k := range kinds {
		if k.folder != "" && strings.HasPrefix(name, k.folder) {
			front = k.front
		}
	}
	quoted, err := json.Marshal(title) // a JSON text is a YAML text
	if err != nil {
		panic(err)
	}
	return "---\ntitle: " + string(quoted) + "\n" + front + "---\n\n"
}
