package io.runnel.region.cli;

import picocli.CommandLine.Mixin;

import java.util.Map;

/** Of which network something is deleted, and whether that is waited for. */
final class DeleteOptions {
    @Mixin private DataOption data;

    @Mixin private WaitOption patience;

    /**
     * Deletes it, waits until every node goes by that, and says so.
     *
     * @param words what is said: nothing is told of what is no more
     * @return what the command ends with
     * @throws ApiException if no region could be reached, or it refused
     */
    int delete(Shell shell, String path, String words) {
        return delete(shell, path, Map.of(), words);
    }

    /** The same on conditions, which are headers. */
    int delete(Shell shell, String path, Map<String, String> conditions, String words) {
        Api api = Account.of(shell, data.in(shell)).api();
        Api.Change change = api.change("DELETE", path, Json.object(), conditions);
        int end = patience.await(shell, api, change);
        shell.print(words);
        return end;
    }
}
