package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files, folders and links of a task's code by their paths, as they come out of an archive:
 * each path once, within the top, below folders only. Not thread-safe.
 */
final class CodeTree {
    private static final int MOST_NAME_BYTES = 255;
    private static final int MOST_PATH_BYTES = 1024;
    private static final int MOST_DEPTH = 64;
    private static final int MOST_HOPS = 8;

    private final int most;
    private final SortedMap<String, CodeEntry> entries = new TreeMap<>();
    private final Set<String> named = new HashSet<>();

    /**
     * An empty one.
     *
     * @param most how many files and folders it may have
     */
    CodeTree(int most) {
        this.most = most;
    }

    /** Adds what an archive names so, and the folders that it lies in. */
    void add(String name, CodeEntry entry) throws CodeRejectedException {
        String path = entry.path();
        requirePath(name, path, List.of(path.split("/", -1)));
        for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
            addFolder(name, path.substring(0, i));
        }
        CodeEntry there = entries.get(path);
        if (there != null && (!entry.isFolder() || !there.isFolder())) {
            throw there.isFolder() != entry.isFolder() ? both(path) : twice(name);
        }
        if (!named.add(path)) {
            throw twice(name);
        }
        put(path, entry);
    }

    private static CodeRejectedException twice(String name) {
        return Rejections.refused(name, "is there twice");
    }

    private static CodeRejectedException both(String path) {
        return Rejections.refused(path, "is a file and a folder at once");
    }

    private void addFolder(String name, String path) throws CodeRejectedException {
        CodeEntry there = entries.get(path);
        if (there == null) {
            put(path, CodeEntry.folder(path));
        } else if (there.kind() == ZipMember.Kind.LINK) {
            throw Rejections.refused(
                    name, "lies behind a symbolic link, %s".formatted(Rejections.shown(path)));
        } else if (!there.isFolder()) {
            throw both(path);
        }
    }

    private void put(String path, CodeEntry entry) throws CodeRejectedException {
        var before = entries.put(path, entry);
        if (before == null && entries.size() > most) {
            throw Rejections.tooMany(most);
        }
    }

    private static void requirePath(String name, String path, List<String> parts)
            throws CodeRejectedException {
        if (path.startsWith("/")) {
            throw Rejections.refused(name, "has an absolute path: it must not begin with /");
        }
        if (path.indexOf('\\') >= 0) {
            throw Rejections.refused(
                    name, "has a backslash in its path: folders are written with /");
        }
        if (path.indexOf('\0') >= 0) {
            throw Rejections.refused(name, "has a NUL in its path");
        }
        if (bytes(path).length > MOST_PATH_BYTES) {
            throw Rejections.refused(
                    name, "has a path of more than %d bytes".formatted(MOST_PATH_BYTES));
        }
        if (parts.size() > MOST_DEPTH) {
            throw Rejections.refused(name, "lies more than %d folders deep".formatted(MOST_DEPTH));
        }
        for (String part : parts) {
            requirePart(name, part);
        }
    }

    private static void requirePart(String name, String part) throws CodeRejectedException {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
            throw Rejections.refused(
                    name,
                    "has a path with an empty part, '.' or '..'; it must name its place only");
        }
        if (bytes(part).length > MOST_NAME_BYTES) {
            throw Rejections.refused(
                    name, "has a name of more than %d bytes".formatted(MOST_NAME_BYTES));
        }
    }

    /** As names are written. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Checks where a link leads: by {@code ..} at its beginning only, and no higher than to the
     * top. The folders that it climbs are none behind links, so that the words tell the place, and
     * since this holds for every link, none behind it leads out either.
     */
    static void requireWithin(String name, String path, String target)
            throws CodeRejectedException {
        if (target.isEmpty() || target.indexOf('\0') >= 0) {
            throw Rejections.refused(name, "is a symbolic link to nowhere");
        }
        if (target.startsWith("/")) {
            throw Rejections.refused(
                    name,
                    "is a symbolic link to an absolute path, %s; links lead to places in the"
                            .concat(" archive, from where they are")
                            .formatted(Rejections.shown(target)));
        }
        int depth = path.split("/", -1).length - 1;
        boolean climbing = true;
        for (String part : target.split("/", -1)) {
            boolean up = part.equals("..");
            climbing &= up || part.equals(".") || part.isEmpty();
            depth -= up ? 1 : 0;
            if (up && (!climbing || depth < 0)) {
                throw Rejections.refused(
                        name,
                        (climbing
                                        ? "is a symbolic link out of the archive: %s"
                                        : "is a symbolic link with '..' behind a name: %s")
                                .formatted(Rejections.shown(target)));
            }
        }
    }

    /** All, in the order of their paths: a folder before what is in it. */
    Collection<CodeEntry> entries() {
        return entries.values();
    }

    /** What is at this path, behind links. */
    Optional<CodeEntry> find(String path) {
        String at = path;
        for (int hop = 0; hop <= MOST_HOPS; hop++) {
            CodeEntry entry = entries.get(at);
            if (entry == null) {
                return Optional.empty();
            }
            if (entry.kind() != ZipMember.Kind.LINK) {
                return Optional.of(entry);
            }
            at = resolved(at, entry.target());
        }
        return Optional.empty();
    }

    private static String resolved(String link, String target) {
        List<String> parts = new ArrayList<>(List.of(link.split("/", -1)));
        parts.removeLast();
        for (String part : target.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty()) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }
}
