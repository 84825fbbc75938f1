#!/usr/bin/env bash
# Builds the documentation as a web site into artifacts/site, with the API reference from the XML comments. Needs a Release build of the solution.
# Links that lead nowhere are errors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source=artifacts/site-source

# docfx takes the folder of its settings for the root and resolves no link that leaves it, so all pages are copied to a folder of their own first.
rm -rf "$source" artifacts/site
mkdir -p "$source/bin"
git ls-files -z --cached --others --exclude-standard -- '*.md' docs/toc.yml docs/images samples 'examples/*.sh' 'examples/*.yaml' LICENSE THIRD-PARTY-NOTICES.txt | tar --null --files-from=- -c | tar -x -C "$source"
rm -rf "$source/docs/site"
cp docs/site/docfx.json docs/site/toc.yml docs/site/index.md "$source"
cp examples/TrainOnManyMachines/bin/Release/net10.0/*.dll "$source/bin" # the libraries and all that they refer to
for library in Mofo.ML.Transforms Mofo.ML.Trainers Mofo.ML.Distributed; do
  cp src/$library/bin/Release/net10.0/$library.{dll,xml} "$source/bin"
done

dotnet tool restore
dotnet docfx metadata "$source/docfx.json" --warningsAsErrors
dotnet docfx build "$source/docfx.json" --warningsAsErrors
