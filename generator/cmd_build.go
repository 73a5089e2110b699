package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gloss/generator/build"
)

func buildCommand(o *options) *cobra.Command {
	var out, commit string
	var force bool
	c := &cobra.Command{
		Use:   "build",
		Short: "Check the site and write it to a folder",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			start := time.Now()
			dir, t, env, err := o.load()
			if err != nil {
				return err
			}
			env.Build, env.Commit = true, commit
			to, err := build.Abs(dir, out)
			if err != nil {
				return err
			}
			r := build.Build(t, env, nil)
			if r.Errors() {
				o.report(o.errs, r.Findings, r.Waits(false), t, " Nothing was written.")
				return ending(r.Findings)
			}
			o.report(o.errs, r.Findings, r.Waits(false), t, "")
			written, removed, err := build.Write(to, r, force)
			var foreign *build.Foreign
			if errors.As(err, &foreign) {
				hint := "choose another folder with --out, or pass --force to keep them beside the site"
				if force {
					hint = "they stand where the site has files of its own; move them away"
				}
				return fmt.Errorf("%w\nhint: %s", err, hint)
			}
			if err != nil {
				return o.faults(err, t, " Nothing was written.")
			}
			fmt.Fprintf(o.errs, "%s in %s: %d written, %d removed, %d unchanged, %d ms\n", plural(len(r.Files)+len(r.Posters), "file"), out, written, removed, len(r.Files)+len(r.Posters)-written, time.Since(start).Milliseconds())
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "public", "the output folder, below the site unless absolute")
	c.Flags().StringVar(&o.baseURL, "base-url", "", "the address of the published site; wins over site.toml")
	c.Flags().BoolVar(&o.drafts, "drafts", false, "publish drafts too")
	c.Flags().BoolVar(&force, "force", false, "build even beside files that gloss did not write")
	c.Flags().StringVar(&commit, "commit", "", "the commit to name in the footer")
	return c
}
