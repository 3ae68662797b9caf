package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;

import java.util.List;

/**
 * What an inspection found in code that may be published.
 *
 * @param initialMemory what one isolate has before it runs
 * @param functions how many functions the code defines
 * @param notes for the owner: nothing wrong, but worth knowing
 */
public record CodeReport(ByteSize initialMemory, int functions, List<String> notes) {
    public CodeReport {
        notes = List.copyOf(notes);
    }
}
