package dev.custody.act;

import java.util.HashMap;
import java.util.Map;

/** What may be done. */
public enum ActName {
  /** Shows the content of a file that holds secrets, or copies it. */
  READS_SECRET_FILE("reads-secret-file"),
  /** Has a program take the variables of a file that holds secrets, without showing them. */
  LOADS_SECRET_FILE("loads-secret-file"),
  /** Shows the variables of a process. */
  PRINTS_ENVIRONMENT("prints-environment"),
  /** Shows one variable whose name is that of a secret. */
  PRINTS_SECRET_VARIABLE("prints-secret-variable"),
  /** Shows a configuration in which secrets are filled in. */
  RESOLVES_CONFIGURATION("resolves-configuration"),
  /** Asks a store of secrets for one. */
  READS_SECRET_STORE("reads-secret-store"),
  /** Shows what agents, command lines and clouds keep their own credentials in. */
  READS_TOKEN_STORE("reads-token-store"),
  /** Asks the service that gives a machine its credentials. */
  READS_INSTANCE_METADATA("reads-instance-metadata"),
  /** Encodes or encrypts. */
  ENCODES("encodes"),
  /** Decodes what was encoded. */
  DECODES("decodes"),
  /** Packs files together, or takes one apart. */
  ARCHIVES_OR_SPLITS("archives-or-splits"),
  /** Connects to another machine. */
  EGRESS("egress"),
  /** Sends content to another machine. */
  UPLOADS("uploads"),
  /** In one command line: what shows a secret feeds what connects to another machine. */
  SECRET_TO_EGRESS("secret-to-egress"),
  /** In one command line: what encodes or packs feeds what connects to another machine. */
  ENCODED_TO_EGRESS("encoded-to-egress"),
  /** Asks for a name. */
  DNS_QUERY("dns-query"),
  /** A name that is asked for, or connected to, has data put in. */
  DATA_IN_DNS_NAME("data-in-dns-name"),
  /** Puts something where anybody can read it. */
  PUBLIC_WRITE("public-write"),
  /** Writes an issue, a request or a comment. */
  WRITES_TO_FORGE("writes-to-forge"),
  /** Copies to or from a cloud's storage. */
  CLOUD_UPLOAD("cloud-upload"),
  /** Installs a package, an extension or a tool's server. */
  INSTALLS_PACKAGE("installs-package"),
  /** Changes what an agent may do, or what runs beside it. */
  EDITS_AGENT_SETTINGS("edits-agent-settings"),
  /** Changes what git runs by itself. */
  EDITS_GIT_HOOKS("edits-git-hooks"),
  /** Starts an agent that asks nobody. */
  SWITCHES_PERMISSION_CHECKS_OFF("switches-permission-checks-off"),
  /** Has git pass its hooks. */
  SKIPS_GIT_HOOKS("skips-git-hooks"),
  /** Removes what is not made again by itself. */
  DESTROYS("destroys"),
  /** Makes a credential, or somebody who may log in. */
  MINTS_CREDENTIAL("mints-credential"),
  /** Writes a file. */
  WRITES_FILE("writes-file"),
  /** Commits. */
  COMMITS("commits"),
  /** Pushes. */
  PUSHES("pushes"),
  /** Lists what there is in a cloud or a cluster. */
  CLOUD_ENUMERATES("cloud-enumerates"),
  /** Runs what came from another machine. */
  RUNS_FETCHED("runs-fetched"),
  /** Runs what was decoded. */
  RUNS_DECODED("runs-decoded"),
  /** Runs a command on another machine or in a container. */
  RUNS_REMOTELY("runs-remotely"),
  /** Stops or removes a record of what is done. */
  STOPS_AUDIT("stops-audit");

  private static final Map<String, ActName> BY_WORD = new HashMap<>();

  static {
    for (ActName name : values()) {
      BY_WORD.put(name.word, name);
    }
  }

  private final String word;

  ActName(String word) {
    this.word = word;
  }

  /** As rules and tables write it. */
  public String word() {
    return word;
  }

  /**
   * The act that a table names.
   *
   * @throws IllegalArgumentException when there is none
   */
  static ActName of(String word) {
    ActName name = BY_WORD.get(word);
    if (name == null) {
      throw new IllegalArgumentException("no act is called " + word);
    }
    return name;
  }
}
