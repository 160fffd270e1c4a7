package remote

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

// upload writes to the files of one machine.
type upload struct{ files *sftp.Client }

// kind is what stands at a remote path.
type kind int

const (
	nothing kind = iota
	file
	directory
)

func (u upload) kindOf(remote string) (kind, error) {
	info, err := u.files.Stat(remote)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nothing, nil
	case err != nil:
		return nothing, fmt.Errorf("failed to stat remote path %s: %w", remote, err)
	case info.IsDir():
		return directory, nil
	}
	return file, nil
}

// text writes a text to a remote path, which has to be that of a file.
func (u upload) text(content, remote string) error {
	found, err := u.kindOf(remote)
	if err != nil {
		return err
	}
	if found == directory {
		return fmt.Errorf("remote path %s is a directory; when using a text asset, "+
			"remotePath must be a file path", remote)
	}
	return u.write(strings.NewReader(content), remote)
}

// path copies a local file or folder to a remote path.
func (u upload) path(local, remote string) error {
	info, err := os.Stat(local)
	if err != nil {
		return err
	}
	found, err := u.kindOf(remote)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return u.folder(local, remote, found)
	}
	if found == directory {
		remote = path.Join(remote, filepath.Base(local))
	}
	return u.local(local, remote)
}

// folder copies a folder into remote, or only what is in it when its path ends with a slash.
func (u upload) folder(local, remote string, found kind) error {
	if found == file {
		return fmt.Errorf("remote path %s exists but is not a directory", remote)
	}
	if !strings.HasSuffix(local, "/") {
		remote = path.Join(remote, filepath.Base(local))
	}
	return fs.WalkDir(os.DirFS(local), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := path.Join(remote, name)
		if entry.IsDir() {
			return u.makeDirectory(target)
		}
		return u.local(filepath.Join(local, filepath.FromSlash(name)), target)
	})
}

func (u upload) makeDirectory(remote string) error {
	if err := u.files.MkdirAll(remote); err != nil {
		return fmt.Errorf("failed to create remote directory %s: %w", remote, err)
	}
	return nil
}

func (u upload) local(name, remote string) error {
	source, err := os.Open(name)
	if err != nil {
		return err
	}
	defer source.Close()
	return u.write(source, remote)
}

func (u upload) write(from io.Reader, remote string) error {
	if err := u.makeDirectory(path.Dir(remote)); err != nil {
		return err
	}
	target, err := u.files.Create(remote)
	if err != nil {
		return fmt.Errorf("failed to create remote file %s: %w", remote, err)
	}
	_, err = target.ReadFrom(from)
	if closed := target.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("failed to write to remote path %s: %w", remote, err)
	}
	return nil
}
