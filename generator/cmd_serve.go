package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"gloss/generator/build"
	"gloss/generator/site"
)

func serveCommand(o *options) *cobra.Command {
	var port int
	var bind string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Build the site in memory and show it on this machine",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, t, env, err := o.load()
			if err != nil {
				return err
			}
			env.Drafts = true
			env.Today = time.Now().Format("2006-01-02")
			r := build.Build(t, env, nil)
			o.report(r.Findings, t, "")
			base := "/"
			if u, err := url.Parse(r.Site.Base); err == nil && u.Path != "" {
				base = u.Path
			}
			l, err := listen(bind, port)
			if err != nil {
				return err
			}
			srv := &http.Server{Handler: static(r.Files, base), ReadHeaderTimeout: 10 * time.Second}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			go func() {
				<-ctx.Done()
				wait, cancel := context.WithTimeout(context.Background(), 2*time.Second)
				defer cancel()
				_ = srv.Shutdown(wait)
			}()
			fmt.Fprintf(o.out, "serving http://%s%s\n", l.Addr(), base)
			if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve: %w", err)
			}
			return nil
		},
	}
	c.Flags().IntVar(&port, "port", 8080, "the port; the next free one is taken when it is busy")
	c.Flags().StringVar(&bind, "bind", "127.0.0.1", "the address to listen on")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "the address of the published site; wins over site.toml")
	return c
}

// listen takes a port, or one of the ten after it.
func listen(bind string, port int) (net.Listener, error) {
	var first error
	for i := range 11 {
		l, err := net.Listen("tcp", net.JoinHostPort(bind, strconv.Itoa(port+i)))
		if err == nil {
			return l, nil
		}
		if first == nil {
			first = err
		}
		if port == 0 {
			break
		}
	}
	return nil, fmt.Errorf("listen on port %d: %w", port, first)
}

// static serves the files of a build below the site's base path, with its own 404 page.
func static(files map[string][]byte, base string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		if base != "/" && (r.URL.Path == "/" || r.URL.Path+"/" == base) {
			http.Redirect(w, r, base, http.StatusFound)
			return
		}
		name, ok := strings.CutPrefix(r.URL.Path, base)
		if ok {
			if name == "" || strings.HasSuffix(name, "/") {
				name = site.OutputPath(name)
			} else if _, dir := files[name+"/index.html"]; dir && files[name] == nil {
				http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
				return
			}
			if data, found := files[name]; found {
				http.ServeContent(w, r, path.Base(name), time.Time{}, strings.NewReader(string(data)))
				return
			}
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write(files["404.html"])
	})
}
