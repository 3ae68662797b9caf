package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the file that a task begins with, as the kernel of a guest would: follows it to its
 * interpreter and loader as long as those are in the archive too.
 */
final class Bootstrap {
    /** Where it lies. */
    static final String NAME = "bootstrap";

    /** Where a guest has the archive. */
    private static final String TASK = "/var/task/";

    /** So many interpreters after another the kernel takes. */
    private static final int MOST_INTERPRETERS = 4;

    private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final CodeTree tree;
    private final ZipContent contents;
    private final List<String> files = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();

    private Bootstrap(CodeTree tree, ZipContent contents) {
        this.tree = tree;
        this.contents = contents;
    }

    /**
     * What it needs from outside of the archive.
     *
     * @throws CodeRejectedException if there is none, or no guest could run it
     */
    static BootstrapNeeds check(CodeTree tree, ZipContent contents)
            throws CodeRejectedException, InterruptedException {
        Bootstrap bootstrap = new Bootstrap(tree, contents);
        CodeEntry entry =
                tree.find(NAME)
                        .orElseThrow(
                                () ->
                                        Rejections.noEntry(
                                                "the archive has no file bootstrap at its top,"
                                                        + " which is what a linux task begins"
                                                        + " with"));
        bootstrap.check(NAME, entry, 0);
        return new BootstrapNeeds(bootstrap.files, bootstrap.commands);
    }

    private void check(String name, CodeEntry entry, int hop)
            throws CodeRejectedException, InterruptedException {
        ZipMember member = file(name, entry);
        byte[] head = contents.part(member, 0, ScriptLine.MOST_BYTES + 1);
        if (ElfProgram.isElf(head)) {
            Optional<String> loader =
                    ElfProgram.loader(name, (from, most) -> contents.part(member, from, most));
            if (loader.isPresent()) {
                need(loader.get(), hop);
            }
        } else if (startsWith(head, '#', '!')) {
            ScriptLine line = ScriptLine.of(name, head);
            need(line.interpreter(), hop);
            line.command().ifPresent(commands::add);
        } else {
            throw noProgram(name, head);
        }
    }

    private static ZipMember file(String name, CodeEntry entry) throws CodeRejectedException {
        ZipMember member =
                entry.content()
                        .orElseThrow(
                                () ->
                                        Rejections.noEntry(
                                                "%s is a folder; it must be a program or a script"
                                                        .formatted(name)));
        if (!member.hasUnixMode()) {
            throw Rejections.noEntry(
                    "%s cannot be run: this ZIP has no UNIX permissions, as those made on Windows"
                            .concat(" or by Java; chmod +x it and pack it by zip on Linux")
                            .concat(" or macOS, or let runnel deploy pack its folder")
                            .formatted(name));
        }
        if (!member.isRunnable()) {
            throw Rejections.noEntry(
                    "%s may not be run: chmod +x it before it is packed".formatted(name));
        }
        if (member.bytes() == 0) {
            throw Rejections.noEntry("%s is empty".formatted(name));
        }
        return member;
    }

    private void need(String path, int hop) throws CodeRejectedException, InterruptedException {
        Optional<CodeEntry> own =
                path.startsWith(TASK) ? tree.find(path.substring(TASK.length())) : Optional.empty();
        if (own.isEmpty()) {
            if (path.startsWith(TASK)) {
                throw Rejections.noEntry(
                        "bootstrap needs %s, which is not in the archive"
                                .formatted(Rejections.shown(path)));
            }
            files.add(path);
        } else if (hop == MOST_INTERPRETERS) {
            throw Rejections.noEntry(
                    "bootstrap has more than %d interpreters one behind the other"
                            .formatted(MOST_INTERPRETERS));
        } else {
            check(own.get().path(), own.get(), hop + 1);
        }
    }

    private static CodeRejectedException noProgram(String name, byte[] head) {
        if (startsWith(head, 'M', 'Z')) {
            return Rejections.unsupported("%s is a program for Windows".formatted(name));
        }
        int magic = head.length < 4 ? 0 : java.nio.ByteBuffer.wrap(head).getInt(0);
        if (magic == 0xcffaedfe || magic == 0xcefaedfe || magic == 0xcafebabe) {
            return Rejections.unsupported("%s is a program for macOS".formatted(name));
        }
        if (head.length >= 3 && java.util.Arrays.equals(head, 0, 3, UTF8_MARK, 0, 3)) {
            return Rejections.malformed(
                    "%s begins with a byte order mark (EF BB BF), with which Linux finds no"
                            .concat(" interpreter: save it as UTF-8 without one")
                            .formatted(name));
        }
        return Rejections.noEntry(
                "%s is neither a program (ELF) nor a script: a script's first line is #! and its"
                        .concat(" interpreter, as #!/bin/sh")
                        .formatted(name));
    }

    private static boolean startsWith(byte[] head, char first, char second) {
        return head.length >= 2 && head[0] == first && head[1] == second;
    }
}
