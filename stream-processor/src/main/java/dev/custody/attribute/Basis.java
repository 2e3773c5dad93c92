package dev.custody.attribute;

/** What a claim rests on, strongest first. */
public enum Basis {
  /** The credential was issued to the session, or descends from one that was. */
  ISSUED,
  /** A tool's result showed the identifier to the session. */
  SHOWN,
  /** A command of the session named the identifier: whoever can type can name it. */
  NAMED,
  /** The tag that the session's environment carries: whoever has seen it can send it. */
  TAGGED,
  /** The principal is named like the session's human. */
  PRINCIPAL,
  /** It happened in the work tree that the session works in. */
  REPOSITORY,
  /** A tool reported the commit as its own work. */
  COMMIT,
  /** A delegation's id as the source identity: whoever may assume the role can set it. */
  GRANT,
  /** A call ran as the same user of the same machine: it could reach what was the holder's. */
  SAME_USER
}
