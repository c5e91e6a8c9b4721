/**
 * Makes the programs that CMake says it built findable by their names: its file API tells where they lie, whatever the project's output
 * folders are. Links, as a program may look for what lies beside it.
 */
export const programsSource = String.raw`
import glob, json, os, sys
build, programs = sys.argv[1:]
reply = os.path.join(build, ".cmake/api/v1/reply")
for path in sorted(glob.glob(os.path.join(glob.escape(reply), "target-*.json"))):
    with open(path, encoding="utf-8") as file:
        target = json.load(file)
    if target.get("type") != "EXECUTABLE":
        continue
    for artifact in target.get("artifacts", [])[:1]:
        made = os.path.join(build, artifact["path"])
        link = os.path.join(programs, target["name"])
        if os.path.isfile(made) and not os.path.lexists(link):
            os.symlink(os.path.relpath(made, programs), link)
`;
