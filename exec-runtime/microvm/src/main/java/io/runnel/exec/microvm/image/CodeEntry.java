package io.runnel.exec.microvm.image;

import java.util.Optional;

/**
 * A file, folder or link of a task's code, as it will be in the guest: root's, for everybody to
 * read.
 *
 * @param path from the top, without {@code /} at either end
 * @param runnable whether a file may be run
 * @param target where a link leads; empty for others
 * @param content where a file's content is; empty for others
 */
record CodeEntry(
        String path,
        ZipMember.Kind kind,
        boolean runnable,
        String target,
        Optional<ZipMember> content) {

    static CodeEntry folder(String path) {
        return new CodeEntry(path, ZipMember.Kind.FOLDER, true, "", Optional.empty());
    }

    static CodeEntry link(String path, String target) {
        return new CodeEntry(path, ZipMember.Kind.LINK, true, target, Optional.empty());
    }

    static CodeEntry file(String path, ZipMember content) {
        boolean runnable = content.isRunnable();
        return new CodeEntry(path, ZipMember.Kind.FILE, runnable, "", Optional.of(content));
    }

    boolean isFolder() {
        return kind == ZipMember.Kind.FOLDER;
    }
}
