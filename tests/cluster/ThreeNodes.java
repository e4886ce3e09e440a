import static org.codelibs.opensearch.runner.OpenSearchRunner.newConfigs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * Runs three OpenSearch nodes in one process: `java -cp 'target/libraries/*' ThreeNodes.java FOLDER PORTS PID`.
 *
 * FOLDER is where the nodes keep their files, and is removed in the end. PORTS are six numbers between commas: one for HTTP of each node, and one
 * for what the nodes tell each other. Commands come on standard input, one a line, with nodes numbered from 0: `stop 1`
 * ends a node, and `start 1` brings it back. Each is answered by a line such as `done stop 1` in the file FOLDER/answers,
 * since the logs of nodes close standard output; the first, `done start`, tells that all nodes are there. The process
 * ends with the process PID, so that no cluster outlives its tests.
 */
public class ThreeNodes {
  private static final int NODES = 3;

  public static void main(String[] arguments) throws Exception {
    var owner = ProcessHandle.of(Long.parseLong(arguments[2])).orElseThrow();
    var folder = Files.createDirectories(Path.of(arguments[0]));
    owner.onExit().thenRun(() -> end(folder));
    var answers = new PrintStream(Files.newOutputStream(folder.resolve("answers")), true, StandardCharsets.UTF_8);
    try {
      run(folder, List.of(arguments[1].split(",")), answers);
    } catch (Exception error) {
      error.printStackTrace(answers);
      Runtime.getRuntime().halt(1);
    }
  }

  private static void end(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException error) { // nodes write and remove files meanwhile
    } finally {
      Runtime.getRuntime().halt(0); // nothing is left that could be closed in order
    }
  }

  private static void run(Path folder, List<String> ports, PrintStream answers) throws Exception {
    var runner = new OpenSearchRunner();
    var http = ports.subList(0, NODES);
    var transport = ports.subList(NODES, 2 * NODES);
    runner
        .onBuild(
            (number, settings) -> { // numbers count from 1, and nodes are named by them
              settings.put("http.port", http.get(number - 1));
              settings.put("transport.port", transport.get(number - 1));
              settings.put("network.host", "127.0.0.1");
              settings.put("discovery.initial_state_timeout", "0s"); // the first node waits for no other
              settings.putList("discovery.seed_hosts", transport.stream().map(port -> "127.0.0.1:" + port).toList());
              settings.putList(
                  "cluster.initial_cluster_manager_nodes",
                  IntStream.rangeClosed(1, NODES).mapToObj(each -> "Node " + each).toList());
              settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
              settings.put("action.auto_create_index", false);
              settings.put("node.processors", 2);
            })
        .build(newConfigs().clusterName("newsstand-tests").numOfNode(NODES).basePath(folder.toString()));
    runner.admin().cluster().prepareHealth().setWaitForNodes(String.valueOf(NODES)).get();
    answers.println("done start");
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = commands.readLine(); line != null; line = commands.readLine()) {
      var words = line.split(" ");
      var node = Integer.parseInt(words[1]);
      if (words[0].equals("stop")) {
        runner.getNode(node).close();
      } else {
        runner.startNode(node);
      }
      answers.println("done " + line);
    }
    Thread.currentThread().join(); // no more commands; the nodes' own threads keep no process alive
  }
}
