package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// starter is the site that new writes: a small example of everything, which writers change into their own.
//
//go:embed starter
var starter embed.FS

// starterTitle is the title of the example, in site.toml and on its front page.
const starterTitle = "The Alder Bridge"

func newCommand(o *options) *cobra.Command {
	var title string
	c := &cobra.Command{
		Use:   "new DIR",
		Short: "Make a folder with a small site to start from",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("say which folder to make: gloss new my-site")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			dir := args[0]
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(o.dir, dir)
			}
			if !utf8.ValidString(title) || strings.ContainsFunc(title, unicode.IsControl) {
				return errors.New("--title is one line of text")
			}
			files, err := starterFiles(title)
			if err != nil {
				return err
			}
			if err := writeNew(dir, files); err != nil {
				return err
			}
			fmt.Fprintf(o.errs, "%s in %s. To see the site while you write: gloss serve -C %s\n", plural(len(files), "file"), dir, dir)
			return nil
		},
	}
	c.Flags().StringVar(&title, "title", "", "the title of the site")
	return c
}

// starterFiles are the files of the example by their paths in the site, under another title if one is given.
func starterFiles(title string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(starter, "starter", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := starter.ReadFile(name)
		if err != nil {
			return err
		}
		files[strings.TrimPrefix(name, "starter/")] = text
		return nil
	})
	if err != nil || title == "" {
		return files, err
	}
	line := []byte("title = " + strconv.Quote(title) + "\n") // TOML 1.0 knows its escapes, as there are no control characters
	old := []byte(`title       = "` + starterTitle + "\"\n")
	if !bytes.Contains(files["site.toml"], old) {
		return nil, fmt.Errorf("the example has no title %q", starterTitle)
	}
	files["site.toml"] = bytes.Replace(files["site.toml"], old, line, 1)
	// The front page is called as the site is when it has no title of its own.
	files["content/index.md"] = bytes.Replace(files["content/index.md"], []byte("title: "+starterTitle+"\n"), nil, 1)
	return files, nil
}

// writeNew writes files into a folder that does not exist or is empty.
func writeNew(dir string, files map[string][]byte) error {
	switch there, err := os.ReadDir(dir); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case len(there) > 0:
		return fmt.Errorf("%s is not empty: it holds %s\nhint: name a folder that does not exist yet", dir, there[0].Name())
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for name, text := range files {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // never over a file of the writer
		if err != nil {
			return err
		}
		if _, err := f.Write(text); err != nil {
			return errors.Join(err, f.Close())
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}
