package build

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"gloss/generator/diag"
	"gloss/generator/render"
)

// List is the file in which a build keeps the names of what it wrote, so that the next one can tell its own files from
// others.
const List = ".gloss-files"

// Foreign is the error of an output folder that holds files which no build of ours wrote.
type Foreign struct {
	Dir   string
	Files []string
}

func (f *Foreign) Error() string {
	more := ""
	if len(f.Files) > 3 {
		more = fmt.Sprintf(" and %d more", len(f.Files)-3)
	}
	return fmt.Sprintf("%s holds files that gloss did not write: %s%s", f.Dir, strings.Join(f.Files[:min(3, len(f.Files))], ", "), more)
}

// Write makes the output folder hold exactly the files of a result. Only what differs is written, each file through a
// temporary one and a rename; what an earlier build wrote and this one did not is removed; a file that is not ours is
// never touched, and refuses the build unless force is set. It returns how many files were written and removed.
//
// A poster that an earlier build wrote stays without being looked at, since its name tells what is in it.
//
// The posters are drawn before anything is written. An error that is a [Faults] says for which that failed.
func Write(dir string, r *Result, force bool) (written, removed int, err error) {
	files := make(map[string][]byte, len(r.Files)+len(r.Posters)) // what is to be in them; nil: a poster that is not drawn yet
	maps.Copy(files, r.Files)
	for n := range r.Posters {
		files[n] = nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, 0, fmt.Errorf("make the output folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, 0, fmt.Errorf("open the output folder: %w", err)
	}
	defer root.Close()
	ours := map[string]bool{}
	if b, err := root.ReadFile(List); err == nil {
		ours = Listed(b)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return 0, 0, fmt.Errorf("read %s: %w", List, err)
	}
	folders := map[string]bool{} // that the result needs
	for n := range files {
		if !fs.ValidPath(n) {
			return 0, 0, fmt.Errorf("write %q: this is no path of a file", n)
		}
		addParents(folders, n)
	}
	held := map[string]bool{} // folders of our files
	for n := range ours {
		addParents(held, n)
	}
	foreign, err := others(root, ours, func(dir string) bool {
		_, wanted := files[dir]
		return wanted && !held[dir]
	})
	if err != nil {
		return 0, 0, err
	}
	// Even with force, a file that is not ours is passed by, never replaced, nor is a folder put in its place; one that
	// holds the very bytes we would write becomes ours.
	var clash []string
	for _, f := range foreign {
		inFile := false
		for d := path.Dir(f); d != "." && !inFile; d = path.Dir(d) {
			_, inFile = files[d]
		}
		want, wanted := files[f]
		if wanted {
			have, err := root.ReadFile(f)
			if poster, ok := r.Posters[f]; ok {
				want = render.DrawPoster(poster)
			}
			wanted = err != nil || !bytes.Equal(have, want)
		}
		if wanted || inFile || folders[f] {
			clash = append(clash, f)
		}
	}
	if len(foreign) > 0 && !force {
		return 0, 0, &Foreign{Dir: dir, Files: foreign}
	}
	if len(clash) > 0 {
		return 0, 0, &Foreign{Dir: dir, Files: clash}
	}
	var names []string
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	drawn, err := r.draw(func(n string) bool {
		info, err := root.Lstat(n)
		return err != nil || !info.Mode().IsRegular() || info.Size() == 0
	})
	if err != nil {
		return 0, 0, err
	}
	maps.Copy(files, drawn)
	// The list goes first, with the old names and the new: whatever happens next, every file of ours is on it.
	both := slices.Clone(names)
	for n := range ours {
		if _, kept := files[n]; !kept {
			both = append(both, n)
		}
	}
	sort.Strings(both)
	if _, err := put(root, List, listText(both)); err != nil {
		return 0, 0, err
	}
	for n := range ours {
		if _, kept := files[n]; kept {
			continue
		}
		if err := root.Remove(n); err == nil {
			removed++
		} else if !errors.Is(err, fs.ErrNotExist) {
			return written, removed, fmt.Errorf("remove %s: %w", n, err)
		}
	}
	prune(root, ours, files)
	for _, n := range names {
		if _, poster := r.Posters[n]; poster && drawn[n] == nil {
			continue // it is there
		}
		changed, err := put(root, n, files[n])
		if err != nil {
			return written, removed, err
		}
		if changed {
			written++
		}
	}
	if _, err := put(root, List, listText(names)); err != nil {
		return written, removed, err
	}
	return written, removed, nil
}

func listText(names []string) []byte { return []byte(strings.Join(names, "\n") + "\n") }

// Output is the whole of a result as Write leaves it in a folder: its files, its posters, and the list of them. have are
// the files of an earlier output, or nil: a poster that is there is not drawn again, since its name tells what is in it.
// An error is a [Faults].
func (r *Result) Output(have map[string][]byte) (map[string][]byte, error) {
	drawn, err := r.draw(func(n string) bool { return len(have[n]) == 0 })
	if err != nil {
		return nil, err
	}
	out := maps.Clone(r.Files)
	for n := range r.Posters {
		out[n] = have[n]
	}
	maps.Copy(out, drawn)
	out[List] = listText(slices.Sorted(maps.Keys(out)))
	return out, nil
}

// Faults is the error of a step that panicked after the site was built.
type Faults []diag.Finding

func (f Faults) Error() string { return f[0].Message }

// draw draws the posters that are missing.
func (r *Result) draw(missing func(name string) bool) (map[string][]byte, error) {
	var names []string
	for _, n := range slices.Sorted(maps.Keys(r.Posters)) {
		if missing(n) {
			names = append(names, n)
		}
	}
	faults := make([]*diag.Finding, len(names))
	at := make([]int, len(names))
	for i := range at {
		at[i] = i
	}
	pictures := each(0, at, func(i int) (picture []byte) {
		p := r.Posters[names[i]]
		faults[i] = diag.Try(cmp.Or(r.Sources[names[i]], "site.toml"), fmt.Sprintf("drawing the picture of %q", p.Title), func() { picture = render.DrawPoster(p) })
		return picture
	})
	drawn := map[string][]byte{}
	var found Faults
	for i, n := range names {
		if drawn[n] = pictures[i]; faults[i] != nil {
			found = append(found, *faults[i])
		}
	}
	if found != nil {
		return nil, Faults(diag.Sort(found))
	}
	return drawn, nil
}

// Listed reads a list of files that a build wrote.
func Listed(list []byte) map[string]bool {
	out := map[string]bool{}
	for _, n := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		if n = strings.TrimSpace(n); n != "" && fs.ValidPath(n) {
			out[n] = true
		}
	}
	return out
}

// ReadOutput reads the files that an earlier build wrote to a folder. It fails with fs.ErrNotExist when none did.
func ReadOutput(dir string) (map[string][]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	list, err := root.ReadFile(List)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for n := range Listed(list) {
		if out[n], err = root.ReadFile(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func addParents(dirs map[string]bool, name string) {
	for d := path.Dir(name); d != "."; d = path.Dir(d) {
		dirs[d] = true
	}
}

// others lists the files in the output folder that are not ours, and the folders that stand in the way of a file. Those
// of the system and of git do not count.
func others(root *os.Root, ours map[string]bool, inTheWay func(dir string) bool) ([]string, error) {
	var out []string
	err := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name == ".git":
			return fs.SkipDir
		case d.IsDir() && inTheWay(name):
		case isTemporary(name):
			// Left by a build that was killed, unless another one is just at work.
			if info, err := d.Info(); err == nil && time.Since(info.ModTime()) > time.Hour {
				_ = root.Remove(name)
			}
			return nil
		case d.IsDir() || name == List || ours[name] || path.Base(name) == ".DS_Store":
			return nil
		}
		out = append(out, name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look through the output folder: %w", err)
	}
	return out, nil
}

const temporary = ".gloss-tmp"

func isTemporary(name string) bool { return strings.HasSuffix(name, temporary) }

// put writes a file of the output unless it holds the same bytes already.
func put(root *os.Root, name string, data []byte) (bool, error) {
	if old, err := root.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return false, nil
	}
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return false, fmt.Errorf("make the folder %s: %w", dir, err)
		}
	}
	return true, Replace(root, name, data, 0o644)
}

// Replace writes a file through a temporary one beside it and a rename, so that the file is always whole: the old one or
// the new. On a full disk the old one stays and nothing is left behind. The temporary name holds the process, so that
// two programs at work in one folder do not write into each other's.
func Replace(root *os.Root, name string, data []byte, mode fs.FileMode) error {
	tmp := fmt.Sprintf("%s.%d%s", name, os.Getpid(), temporary)
	err := root.WriteFile(tmp, data, mode)
	if err == nil {
		err = root.Rename(tmp, name)
	}
	if err != nil {
		_ = root.Remove(tmp)
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// prune removes the folders that our removed files leave empty. A folder that holds anything stays, since Remove
// refuses it.
func prune(root *os.Root, ours map[string]bool, files map[string][]byte) {
	dirs := map[string]bool{}
	for n := range ours {
		if _, kept := files[n]; !kept {
			for d := path.Dir(n); d != "."; d = path.Dir(d) {
				dirs[d] = true
			}
		}
	}
	list := make([]string, 0, len(dirs))
	for d := range dirs {
		list = append(list, d)
	}
	sort.Slice(list, func(i, j int) bool { return len(list[i]) > len(list[j]) })
	for _, d := range list {
		_ = root.Remove(d)
	}
}

// Abs returns where an output folder named on the command line lies: below the site unless it is absolute. It may not
// hold the sources.
func Abs(dir, out string) (string, error) {
	if !filepath.IsAbs(out) {
		out = filepath.Join(dir, out)
	}
	out = filepath.Clean(out)
	at, dir := follow(out), follow(dir)
	for _, top := range []string{"", "content", "layouts", "static", "generator"} {
		src := filepath.Join(dir, top)
		if at == src || top != "" && strings.HasPrefix(at+string(filepath.Separator), src+string(filepath.Separator)) {
			return "", fmt.Errorf("the output folder %s would lie among the sources; choose another with --out", out)
		}
	}
	return out, nil
}

// follow resolves the symlinks of as much of a path as there is.
func follow(p string) string {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		return real
	}
	if up := filepath.Dir(p); up != p {
		return filepath.Join(follow(up), filepath.Base(p))
	}
	return p
}
