package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Users of machines, each for one machine at a time. Nodes of one machine share the range: a user
 * is claimed by a lock on a file, which ends with the node that holds it. Users that any process
 * has are left out.
 *
 * <p>Safe for any thread.
 */
final class UidClaims implements AutoCloseable {
    private static final String UID_LINE = "Uid:";
    private static final String DOOR = "door";

    /** One thread of this process at a time: locks of files are the process's. */
    private static final Object IN = new Object();

    private final Path folder;
    private final int base;
    private final int count;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Map<Path, FileChannel> held = new HashMap<>();

    /**
     * Users from a base on.
     *
     * @param folder the same for all nodes of the machine; made if it is not there
     */
    UidClaims(Path folder, int base, int count) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.base = base;
        this.count = count;
    }

    /**
     * Why a process of ours cannot take these users, if it cannot: in a container not all are
     * there.
     *
     * @param map what {@code /proc/self/uid_map} says
     */
    static Optional<String> unmapped(Iterable<String> map, int base, int count) {
        for (String line : map) {
            String[] numbers = line.strip().split(" +", -1);
            long first = Long.parseLong(numbers[0]);
            long size = Long.parseLong(numbers[2]);
            if (first <= base && base + (long) count <= first + size) {
                return Optional.empty();
            }
        }
        return Optional.of("users %d to %d are not there".formatted(base, base + count - 1));
    }

    /**
     * A user that nobody else has, until {@link #release}.
     *
     * @throws MachineException if all are taken
     */
    synchronized int claim() throws IOException {
        if (!free.isEmpty()) {
            return free.removeFirst();
        }
        synchronized (IN) {
            try (FileChannel door = open(DOOR)) {
                door.lock();
                return claimNext();
            }
        }
    }

    private int claimNext() throws IOException {
        Set<Integer> used = inUse();
        for (int uid = base; uid < base + count; uid++) {
            if (!used.contains(uid) && lock(Integer.toString(uid))) {
                return uid;
            }
        }
        throw new MachineException(
                "all %d users of machines from %d on are taken".formatted(count, base));
    }

    /** Gives a user back, none of whose processes is left. */
    synchronized void release(int uid) {
        free.addLast(uid);
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private boolean lock(String name) throws IOException {
        if (held.containsKey(folder.resolve(name))) {
            return false;
        }
        FileChannel channel = open(name);
        if (tryLock(channel)) {
            held.put(folder.resolve(name), channel);
            return true;
        }
        channel.close();
        return false;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static Set<Integer> inUse() throws IOException {
        Set<Integer> used = new HashSet<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Paths.get("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                realUser(process).ifPresent(used::add);
            }
        }
        return used;
    }

    private static Optional<Integer> realUser(Path process) {
        try {
            return Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith(UID_LINE))
                    .map(line -> line.substring(UID_LINE.length()).strip().split("\t", -1)[0])
                    .map(uid -> (int) Long.parseLong(uid))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Removes the files, while nobody opens one. */
    @Override
    public synchronized void close() throws IOException {
        synchronized (IN) {
            try (FileChannel door = open(DOOR)) {
                door.lock();
                for (Map.Entry<Path, FileChannel> file : held.entrySet()) {
                    Files.deleteIfExists(file.getKey());
                    file.getValue().close();
                }
            }
            held.clear();
        }
    }
}
