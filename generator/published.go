package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gloss/generator/git"
	"gloss/generator/site"
)

// How long, and how large, the list of a live site may be.
const (
	publishedWait  = 20 * time.Second
	publishedLimit = 64 << 20
)

// published reads the addresses that were published, from a folder, a branch of the site's repository, or the live site.
// Nothing published yet is no error: then there is nothing to keep, and why says so.
func published(dir, where string) (m *site.Manifest, why string, err error) {
	var text []byte
	switch path := folderOf(dir, where); {
	case strings.HasPrefix(where, "https://") || strings.HasPrefix(where, "http://"):
		text, why, err = publishedAt(where)
	case path != "":
		text, err = os.ReadFile(filepath.Join(path, site.AddressFile))
		if errors.Is(err, fs.ErrNotExist) {
			err, why = nil, fmt.Sprintf("the folder %s holds no %s", where, site.AddressFile)
		}
	default:
		text, why, err = publishedIn(dir, where)
	}
	if err != nil {
		return nil, "", fmt.Errorf("read what is published: %w", err)
	}
	if why != "" {
		return nil, why, nil
	}
	if m, err = site.ReadManifest(text); err != nil {
		return nil, "", fmt.Errorf("read %s of %s: %w", site.AddressFile, where, err)
	}
	return m, "", nil
}

// folderOf is the folder that is meant, below the working directory or the site, or "".
func folderOf(dir, where string) string {
	for _, path := range []string{where, filepath.Join(dir, where)} {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return path
		}
	}
	return ""
}

// publishedAt asks the live site.
func publishedAt(where string) (text []byte, why string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), publishedWait)
	defer cancel()
	url := strings.TrimSuffix(where, "/") + "/" + site.AddressFile
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, "", err
	}
	ask.Header.Set("User-Agent", "gloss")
	r, err := http.DefaultClient.Do(ask)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, "", fmt.Errorf("%s did not answer within %s", where, publishedWait)
	} else if err != nil {
		return nil, "", err
	}
	defer r.Body.Close()
	switch {
	case r.StatusCode == http.StatusNotFound || r.StatusCode == http.StatusGone:
		return nil, fmt.Sprintf("there is no %s", url), nil
	case r.StatusCode != http.StatusOK:
		return nil, "", fmt.Errorf("%s answers %s", url, r.Status)
	}
	text, err = io.ReadAll(io.LimitReader(r.Body, publishedLimit))
	return text, "", err
}

// publishedIn asks git for the file on a branch, or at any other name of a commit.
func publishedIn(dir, ref string) (text []byte, why string, err error) {
	repo, err := git.Open(dir)
	if errors.Is(err, git.ErrNone) {
		return nil, fmt.Sprintf("there is no folder and no branch %s", ref), nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("there is no folder %s, and no branch of that name can be looked for: %w", ref, err)
	}
	commit, err := repo.Commit(ref)
	if err != nil {
		return nil, fmt.Sprintf("there is no folder and no branch %s", ref), nil
	}
	text, ok, err := repo.File(commit, site.AddressFile)
	if err == nil && !ok {
		why = fmt.Sprintf("the branch %s holds no %s", ref, site.AddressFile)
	}
	return text, why, err
}
