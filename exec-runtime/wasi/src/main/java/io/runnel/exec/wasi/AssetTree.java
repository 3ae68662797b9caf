package io.runnel.exec.wasi;

import io.runnel.exec.wasi.AssetsRejectedException.Code;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Assets while they are put together: checks paths, puts names in order, numbers nodes. */
final class AssetTree {
    private sealed interface Part {}

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record FilePart(byte[] content) implements Part {}

    private static final class FolderPart implements Part {
        private final Map<String, Part> parts = new TreeMap<>();
        private boolean named;
    }

    private final FolderPart root = new FolderPart();
    private int nodes = 1;
    private long contentBytes;
    private long nameBytes;
    private long nextNumber = 1;

    /** Adds a file; the folders above it are made. */
    void addFile(String path, byte[] content) throws AssetsRejectedException {
        List<String> names = names(path, path);
        FolderPart folder = folder(names.subList(0, names.size() - 1), path);
        if (folder.parts.putIfAbsent(names.getLast(), new FilePart(content)) != null) {
            throw duplicate(path);
        }
        count(names.getLast());
        contentBytes += content.length;
    }

    /** Adds a folder. Those above it are made; one that was made so may be added once. */
    void addFolder(String path) throws AssetsRejectedException {
        FolderPart folder = folder(names(path.substring(0, path.length() - 1), path), path);
        if (folder.named) {
            throw duplicate(path);
        }
        folder.named = true;
    }

    int nodes() {
        return nodes;
    }

    private void count(String name) {
        nodes++;
        nameBytes += name.length();
    }

    private FolderPart folder(List<String> names, String path) throws AssetsRejectedException {
        FolderPart at = root;
        for (String name : names) {
            Part part = at.parts.get(name);
            if (part == null) {
                part = new FolderPart();
                at.parts.put(name, part);
                count(name);
            }
            if (!(part instanceof FolderPart folder)) {
                throw duplicate(path);
            }
            at = folder;
        }
        return at;
    }

    static AssetsRejectedException duplicate(String path) {
        return new AssetsRejectedException(
                Code.DUPLICATE, "two entries have this path: " + Paths.shown(path));
    }

    /** A path in a message: one line, bounded. */
    static String shown(String path) {
        return Paths.shown(path);
    }

    private static List<String> names(String path, String shown) throws AssetsRejectedException {
        List<String> names = List.of(path.split("/", -1));
        String wrong = Paths.wrong(path, names);
        if (!wrong.isEmpty()) {
            throw new AssetsRejectedException(
                    Code.BAD_PATH, "a path %s: %s".formatted(wrong, Paths.shown(shown)));
        }
        return names;
    }

    Assets freeze() {
        AssetFolder frozen = freeze(root, 1);
        return new Assets(frozen, nodes, contentBytes, nameBytes);
    }

    private AssetFolder freeze(FolderPart folder, long parentNumber) {
        long number = nextNumber++;
        List<Node> frozen = new ArrayList<>(folder.parts.size());
        for (Part part : folder.parts.values()) {
            frozen.add(
                    switch (part) {
                        case FilePart file -> new AssetFile(nextNumber++, file.content);
                        case FolderPart inner -> freeze(inner, number);
                    });
        }
        return new AssetFolder(number, parentNumber, List.copyOf(folder.parts.keySet()), frozen);
    }

    /** The rules for paths. */
    private static final class Paths {
        private static final int MOST_SHOWN = 100;

        private Paths() {}

        /** What is wrong with a path; nothing if it is fine. */
        static String wrong(String path, List<String> names) {
            if (GuestPath.utf8Length(path) > AssetLimits.MOST_PATH_BYTES) {
                return "is longer than %d bytes".formatted(AssetLimits.MOST_PATH_BYTES);
            }
            if (names.size() > AssetLimits.MOST_DEPTH) {
                return "has more than %d names".formatted(AssetLimits.MOST_DEPTH);
            }
            if (path.startsWith("/")) {
                return "is absolute";
            }
            if (path.indexOf('\0') >= 0 || path.indexOf('\\') >= 0 || path.indexOf('\uFFFD') >= 0) {
                return "has a zero, a backslash, or what is not UTF-8";
            }
            if (names.getFirst().equals(Assets.RESERVED_NAME)) {
                return "begins with tmp, where calls write to";
            }
            for (String name : names) {
                if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                    return "has an empty name, . or ..";
                }
                if (GuestPath.utf8Length(name) > GuestPath.MOST_NAME_BYTES) {
                    return "has a name of more than %d bytes".formatted(GuestPath.MOST_NAME_BYTES);
                }
            }
            return "";
        }

        /** One line, bounded. */
        static String shown(String path) {
            String line = path.replaceAll("\\p{Cntrl}", "?");
            return line.length() > MOST_SHOWN ? line.substring(0, MOST_SHOWN) + "..." : line;
        }
    }
}
