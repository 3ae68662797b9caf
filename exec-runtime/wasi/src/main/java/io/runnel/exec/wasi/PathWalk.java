package io.runnel.exec.wasi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows a path from an open folder, and never out of it: the folders on the way are kept, {@code
 * ..} goes back along them, and there is nothing before the first. An absolute path leads nowhere.
 * Symbolic links are followed by putting what they name before the rest of the path.
 *
 * <p>It takes at most as many steps as there are names in a path and in {@value #MOST_LINKS} links.
 */
final class PathWalk {
    private static final int MOST_LINKS = 40;

    /** Whether to go on where the last name is a link's; links before it are always followed. */
    enum Follow {
        /** The link itself is meant: what makes, moves and removes names. */
        NEVER,
        /** Only if a slash after it says that a folder is meant. */
        BEFORE_SLASH,
        ALWAYS
    }

    private final List<FolderNode> way = new ArrayList<>();
    private final Deque<String> names = new ArrayDeque<>();
    private final Follow follow;
    private boolean slash;
    private int links;

    private PathWalk(FolderNode base, Follow follow) {
        this.way.add(base);
        this.follow = follow;
    }

    /**
     * Where the path leads.
     *
     * @throws WasiFailure if it leads nowhere, or outside
     */
    static Place find(FolderNode base, String path, Follow follow) {
        PathWalk walk = new PathWalk(base, follow);
        walk.put(path, true);
        return walk.find();
    }

    private void put(String path, boolean last) {
        if (path.isEmpty()) {
            throw new WasiFailure(Errno.NOENT);
        }
        if (path.charAt(0) == '/') {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
        if (last && path.charAt(path.length() - 1) == '/') {
            slash = true;
        }
        int end = path.length();
        while (end > 0) {
            int begin = path.lastIndexOf('/', end - 1) + 1;
            putName(path.substring(begin, end));
            end = begin - 1;
        }
    }

    /** A {@code .} counts at the end only: what is before it must be a folder then. */
    private void putName(String name) {
        boolean counts = name.equals(".") ? names.isEmpty() : !name.isEmpty();
        if (counts) {
            GuestPath.requireName(name);
            names.addFirst(name);
        }
    }

    private Place find() {
        while (!names.isEmpty()) {
            String name = names.removeFirst();
            if (name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                back();
                continue;
            }
            Optional<Node> node = way.getLast().child(name);
            boolean last = names.isEmpty();
            if (node.isPresent() && node.get() instanceof ScratchLink link) {
                if (!last || follows()) {
                    follow(link, last);
                    continue;
                }
            }
            if (last) {
                return new Place(way.getLast(), name, node, slash);
            }
            step(node);
        }
        return new Place(way.getLast(), "", Optional.of(way.getLast()), slash);
    }

    private boolean follows() {
        return switch (follow) {
            case NEVER -> false;
            case BEFORE_SLASH -> slash;
            case ALWAYS -> true;
        };
    }

    private void back() {
        if (way.size() == 1) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
        way.removeLast();
    }

    private void follow(ScratchLink link, boolean last) {
        links++;
        if (links > MOST_LINKS) {
            throw new WasiFailure(Errno.LOOP);
        }
        put(link.path(), last);
    }

    private void step(Optional<Node> node) {
        Node next = node.orElseThrow(() -> new WasiFailure(Errno.NOENT));
        if (!(next instanceof FolderNode folder)) {
            throw new WasiFailure(Errno.NOTDIR);
        }
        way.add(folder);
    }
}
