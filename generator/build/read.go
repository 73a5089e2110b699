package build

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// Read reads the site in a folder once. theme holds the layouts/ and static/ that a site without its own uses. An error
// is about the machine; what is wrong with the writer's files is in Tree.Findings.
func Read(dir string, theme fs.FS) (*Tree, error) { return NewReader(dir, theme).Read() }

// Reader reads a site again and again, and each time only what has changed. The texts of files that have not are the
// same bytes in every tree, which is how Build knows without comparing them. It is for one goroutine.
type Reader struct {
	dir    string
	fs     fs.FS
	theme  []content.File // read once: a theme does not change
	tree   *Tree          // of the last reading
	found  []diag.Finding // of its walk
	files  map[string]*source
	dirs   []string
	linked bool // some of the files have more than one name
}

// source is a file as it was when it was read last.
type source struct {
	content.File
	info   fs.FileInfo
	read   time.Time
	linked bool // it, or a folder above it, is a symlink
}

// NewReader returns a Reader of the site in a folder, which has not read anything yet.
func NewReader(dir string, theme fs.FS) *Reader { return &Reader{dir: dir, fs: theme} }

// Dirs returns the folders that the last Read walked, relative to the site's root, which is ".". A folder behind a
// symlink is called by its name in the site.
func (r *Reader) Dirs() []string { return r.dirs }

// Read walks the whole site. A file whose size, mode, inode and time of change are as they were is not read again.
func (r *Reader) Read() (*Tree, error) {
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return nil, fmt.Errorf("open the site: %w", err)
	}
	defer root.Close()
	if err := r.readTheme(); err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(r.dir)
	if err != nil {
		return nil, fmt.Errorf("find the site: %w", err)
	}
	if real, err = filepath.Abs(real); err != nil {
		return nil, fmt.Errorf("find the site: %w", err)
	}
	w := walk{Reader: r, root: root, real: real, dirs: []string{"."}}
	info, err := root.Stat("site.toml")
	if err != nil {
		return nil, fmt.Errorf("read site.toml: %w", err)
	}
	if err := w.file(root, "site.toml", info, false); err != nil {
		return nil, err
	}
	for _, top := range Tops {
		if err := w.top(top); err != nil {
			return nil, err
		}
	}

	files := make(map[string]*source, len(w.files))
	own := make([]content.File, 0, len(w.files))
	var changed []content.File
	same := r.tree != nil && len(w.files) == len(r.files) && reflect.DeepEqual(w.found, r.found)
	for _, s := range w.files {
		files[s.Name] = s
		own = append(own, s.File)
		switch old := r.files[s.Name]; {
		case old == nil:
			same = false
		case !s.Equal(old.File):
			changed = append(changed, s.File)
		}
	}
	if same {
		r.tree = r.tree.with(changed)
	} else {
		r.tree = assemble(own, r.theme, w.found)
	}
	r.files, r.found, r.dirs = files, w.found, w.dirs
	r.linked = slices.ContainsFunc(w.files, func(s *source) bool { return s.linked })
	return r.tree, nil
}

// ReadNamed reads only some files again, those that a watcher names. ok is false when that is not enough: a name is new
// or gone, or not that of a regular file of the site. Then the caller must Read.
func (r *Reader) ReadNamed(names []string) (t *Tree, ok bool, err error) {
	if r.tree == nil || r.linked { // a file with two names changes under both
		return nil, false, nil
	}
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		return nil, false, fmt.Errorf("open the site: %w", err)
	}
	defer root.Close()
	var changed []content.File
	fresh := map[string]*source{}
	for _, name := range names {
		old := r.files[name]
		if old == nil {
			return nil, false, nil
		}
		info, err := root.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("read %s: %w", name, err)
		}
		s, err := readSource(root, name, name, old)
		if err != nil {
			return nil, false, err
		}
		if fresh[name] == nil && !s.Equal(old.File) {
			changed = append(changed, s.File)
		}
		fresh[name] = s
	}
	maps.Copy(r.files, fresh)
	r.tree = r.tree.with(changed)
	return r.tree, true, nil
}

func (r *Reader) readTheme() error {
	if r.fs == nil || r.theme != nil {
		return nil
	}
	err := fs.WalkDir(r.fs, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || Hidden(name) {
			return err
		}
		text, err := fs.ReadFile(r.fs, name)
		r.theme = append(r.theme, content.File{Name: name, Text: text})
		return err
	})
	if err != nil {
		r.theme = nil
		return fmt.Errorf("read the theme: %w", err)
	}
	return nil
}

// Tops are the folders of a site, beside which it has its site.toml.
var Tops = []string{"content", "layouts", "static"}

// Hidden says whether a file is none of the site's: those of editors, of the system, of Obsidian, and those that exist
// for a moment while an editor or browser saves.
func Hidden(name string) bool {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "."), strings.HasSuffix(base, "~"), isTemporary(base):
		return true
	case base == "Thumbs.db", base == "node_modules", base == "4913": // vim tries with 4913 whether it can write
		return true
	case len(base) > 1 && strings.HasPrefix(base, "#") && strings.HasSuffix(base, "#"): // emacs
		return true
	}
	for _, end := range []string{".tmp", ".swp", ".swx", ".part", ".crdownload", "___jb_tmp___", "___jb_old___"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	i := strings.LastIndex(base, ".sb-") // a safe save of macOS: x.md.sb-1a2b3c4d-AbCdEf
	return i > 0 && !strings.Contains(base[i+1:], ".")
}

// walk is one reading of the whole site.
type walk struct {
	*Reader
	root  *os.Root
	real  string // the site's folder without symlinks
	files []*source
	found []diag.Finding
	dirs  []string
}

// top walks one of the folders at the top, which may be missing.
func (w *walk) top(name string) error {
	dir, err := w.root.OpenRoot(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer dir.Close()
	info, err := w.root.Lstat(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return w.dir(dir, name, 0, info.Mode()&fs.ModeSymlink != 0)
}

// dir walks a folder. Symlinks that stay in the site are followed; those that leave it are findings.
func (w *walk) dir(dir *os.Root, name string, depth int, linked bool) error {
	w.dirs = append(w.dirs, name)
	entries, err := fs.ReadDir(dir.FS(), ".") // sorted
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	for _, e := range entries {
		name := name + "/" + e.Name()
		if Hidden(name) {
			continue
		}
		link := e.Type()&fs.ModeSymlink != 0
		info, err := e.Info()
		if err == nil && link {
			info, err = w.follow(name)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone since the folder was listed, which a save does
		case err != nil:
			return fmt.Errorf("read %s: %w", name, err)
		case info == nil: // a finding
		case info.IsDir() && depth > 60:
			return fmt.Errorf("%s: more than 60 folders deep", name)
		case info.IsDir():
			if err := w.subdir(dir, name, depth+1, link, linked || link); err != nil {
				return err
			}
		case info.Mode().IsRegular(): // no pipe or device, which might never end
			in := dir
			if link {
				in = w.root // the target may lie elsewhere in the site
			}
			if err := w.file(in, name, info, linked || link); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func (w *walk) subdir(in *os.Root, name string, depth int, link, linked bool) error {
	at := path.Base(name)
	if link {
		in, at = w.root, name
	}
	dir, err := in.OpenRoot(at)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	defer dir.Close()
	return w.dir(dir, name, depth, linked)
}

// follow returns what a symlink leads to, or nil with a finding when that is no file or folder of the site.
func (w *walk) follow(name string) (fs.FileInfo, error) {
	refuse := func(message, hint string) (fs.FileInfo, error) {
		w.found = append(w.found, diag.Finding{Code: "escaping-path", Span: diag.Span{File: name}, Message: message, Hint: hint})
		return nil, nil
	}
	at := filepath.Join(w.real, filepath.FromSlash(name))
	target, err := filepath.EvalSymlinks(at)
	if err != nil {
		return refuse("this symlink leads nowhere", "remove it, or correct what it points to")
	}
	if target != w.real && !strings.HasPrefix(target, w.real+string(filepath.Separator)) {
		return refuse("this symlink leads out of the site", "copy the file into the site instead")
	}
	info, err := os.Stat(target)
	if err != nil {
		return nil, err
	}
	if info.IsDir() && strings.HasPrefix(at+string(filepath.Separator), target+string(filepath.Separator)) {
		return refuse("this symlink leads back to a folder it stands in", "remove it")
	}
	return info, nil
}

// distrust is how old a change must be before the time of change says that there was no later one: clocks of disks are
// coarse, and two saves may share one tick.
const distrust = 3 * time.Second

// file takes in one file: as it was, if nothing speaks against that. info is what dir says of it.
func (w *walk) file(dir *os.Root, name string, info fs.FileInfo, linked bool) error {
	old := w.Reader.files[name]
	if old != nil && old.linked == linked && os.SameFile(info, old.info) && info.Size() == old.info.Size() && info.Mode() == old.info.Mode() &&
		info.ModTime().Equal(old.info.ModTime()) && old.read.Sub(old.info.ModTime()) > distrust {
		w.files = append(w.files, old)
		return nil
	}
	at := name
	if dir != w.root {
		at = path.Base(name)
	}
	s, err := readSource(dir, at, name, old)
	if err == nil {
		s.linked = linked
		w.files = append(w.files, s)
	}
	return err
}

// readSource reads a file. A text that is as before stays the same bytes.
func readSource(dir *os.Root, at, name string, old *source) (*source, error) {
	s := &source{File: content.File{Name: name}, read: time.Now()}
	f, err := dir.Open(at)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer f.Close()
	if s.info, err = f.Stat(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	s.Text = make([]byte, 0, s.info.Size()+1) // one more, so that the end is seen without growing
	for err == nil {
		if len(s.Text) == cap(s.Text) {
			s.Text = slices.Grow(s.Text, 512)
		}
		n := 0
		n, err = f.Read(s.Text[len(s.Text):cap(s.Text)])
		s.Text = s.Text[:len(s.Text)+n]
	}
	if err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if old != nil && bytes.Equal(old.Text, s.Text) {
		s.Text = old.Text
	}
	if old != nil {
		s.Name = old.Name // the same string, which compares at once
	}
	return s, nil
}

// Find returns the nearest folder, from dir upwards, that holds a site.toml.
func Find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the site: %w", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "site.toml")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("there is no site.toml in %s or above; make one with a line title = \"…\"", dir)
		}
	}
}
