-- Groups of people, which policies can bind as one member.

CREATE TABLE user_group (
  email TEXT COLLATE "C" PRIMARY KEY,   -- lower-cased
  title TEXT NOT NULL,
  search TEXT NOT NULL,
  description TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE group_member (
  user_group TEXT COLLATE "C" NOT NULL REFERENCES user_group (email),
  member TEXT COLLATE "C" NOT NULL,     -- users/{email}
  role TEXT NOT NULL,                   -- OWNER, MEMBER
  PRIMARY KEY (user_group, member)
);
CREATE INDEX group_member_member ON group_member (member);
